-- People and programs that may sign in, what was given to them, and who did what.
-- Instants are microseconds since 1970-01-01 UTC.

CREATE TABLE acc_account(
    name         {text}   NOT NULL PRIMARY KEY,  -- lower case
    display      {text}   NOT NULL,
    password     {text}   NOT NULL,              -- ASP.NET Core Identity format 3: PBKDF2-HMAC-SHA512 with its own salt
    password_md5 {text},                         -- the same over the upper-case hex MD5 of the password: what portal clients send
    roles        {text}   NOT NULL,              -- separated by one blank
    facility     {text},                         -- the only facility it may act for; null = any
    created      {bigint} NOT NULL,
    disabled     {bigint},
    last_sign_in {bigint}
){strict};

CREATE TABLE acc_client(
    id           {text}   NOT NULL PRIMARY KEY,
    secret       {text}   NOT NULL,              -- hashed like a password
    scopes       {text}   NOT NULL,
    created      {bigint} NOT NULL,
    disabled     {bigint}
){strict};

CREATE TABLE acc_token(
    sha          {bytes}  NOT NULL PRIMARY KEY,  -- SHA-256 of the 256 random bits that the holder has
    kind         {text}   NOT NULL,              -- session, portal, client
    subject      {text}   NOT NULL,              -- account name or client id
    scopes       {text}   NOT NULL,
    issued       {bigint} NOT NULL,
    expires      {bigint} NOT NULL
){strict};
CREATE INDEX acc_token_subject ON acc_token(subject);
CREATE INDEX acc_token_expires ON acc_token(expires);

CREATE TABLE acc_event(
    id           {text}   NOT NULL PRIMARY KEY,  -- UUID version 7
    at           {bigint} NOT NULL,
    actor        {text}   NOT NULL,
    action       {text}   NOT NULL,
    outcome      {text}   NOT NULL,              -- ok, failed, denied
    person       {text},                         -- id of the Patient whose record it was
    address      {text},
    detail       {text}
){strict};
CREATE INDEX acc_event_at ON acc_event(at);
CREATE INDEX acc_event_person ON acc_event(person, at);
