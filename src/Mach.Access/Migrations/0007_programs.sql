-- Programs: who they are, what they may ask for, and what people have let them do. Instants are microseconds since 1970-01-01 UTC.

ALTER TABLE acc_client ADD COLUMN name {text};              -- as shown to people; null = the id
ALTER TABLE acc_client ADD COLUMN operator {text};          -- who runs it, as shown to people
ALTER TABLE acc_client ADD COLUMN methods {text};           -- how it proves who it is (RFC 7591 names), separated by one blank; null = client_secret
ALTER TABLE acc_client ADD COLUMN redirects {text};         -- JSON array of addresses that people are led back to
ALTER TABLE acc_client ADD COLUMN launch {text};            -- address that opens it from a record
ALTER TABLE acc_client ADD COLUMN keys {text};              -- its JWKS by value
ALTER TABLE acc_client ADD COLUMN keys_address {text};      -- or where it is
ALTER TABLE acc_client ADD COLUMN certificate {text};       -- SHA-256 of its certificate, base64url; or subject name
ALTER TABLE acc_client ADD COLUMN former {text};            -- the secret before the present one, hashed
ALTER TABLE acc_client ADD COLUMN former_until {bigint};
ALTER TABLE acc_client ADD COLUMN made_by {text};
ALTER TABLE acc_client ADD COLUMN used {bigint};            -- last token, to the minute

-- Of tokens that a program holds for a person (kind user): subject is the account.
ALTER TABLE acc_token ADD COLUMN client {text};
ALTER TABLE acc_token ADD COLUMN family {text};             -- of acc_family
ALTER TABLE acc_token ADD COLUMN patient {text};            -- Patient id of the launch context
ALTER TABLE acc_token ADD COLUMN cnf {text};                -- SHA-256 of the certificate that must come with it, base64url
CREATE INDEX acc_token_client ON acc_token(client) WHERE client IS NOT NULL;
CREATE INDEX acc_token_family ON acc_token(family) WHERE family IS NOT NULL;

-- Statements of programs that were used: none is taken twice.
CREATE TABLE acc_jti(
    client  {text}   NOT NULL,
    sha     {bytes}  NOT NULL,     -- SHA-256 of the jti
    expires {bigint} NOT NULL,
    PRIMARY KEY(client, sha)
){strict};
CREATE INDEX acc_jti_expires ON acc_jti(expires);

-- What a person has let a program do; asked again only for more.
CREATE TABLE acc_grant(
    account {text}   NOT NULL,
    client  {text}   NOT NULL,
    scopes  {text}   NOT NULL,
    made    {bigint} NOT NULL,
    used    {bigint} NOT NULL,
    PRIMARY KEY(account, client)
){strict};

-- One time that a person let a program in, and all codes and tokens that came of it.
CREATE TABLE acc_family(
    id      {text}   NOT NULL PRIMARY KEY,
    account {text}   NOT NULL,
    client  {text}   NOT NULL,
    scopes  {text}   NOT NULL,
    context {text}   NOT NULL,     -- JSON: patient, encounter and what else the launch said
    session {text},                -- refreshed only while this session lasts (online_access)
    authenticated {bigint},        -- last full proof of the person
    made    {bigint} NOT NULL,
    expires {bigint} NOT NULL
){strict};
CREATE INDEX acc_family_account ON acc_family(account, client);
CREATE INDEX acc_family_expires ON acc_family(expires);

CREATE TABLE acc_code(
    sha       {bytes}  NOT NULL PRIMARY KEY,
    family    {text}   NOT NULL,
    redirect  {text}   NOT NULL,
    challenge {text}   NOT NULL,   -- S256 of the verifier (RFC 7636)
    nonce     {text},
    expires   {bigint} NOT NULL,
    used      {bigint}
){strict};
CREATE INDEX acc_code_family ON acc_code(family);

CREATE TABLE acc_refresh(
    sha    {bytes}  NOT NULL PRIMARY KEY,
    family {text}   NOT NULL,
    made   {bigint} NOT NULL,
    used   {bigint}
){strict};
CREATE INDEX acc_refresh_family ON acc_refresh(family);

-- A program opened from a record: what it will be told when the person lets it in.
CREATE TABLE acc_launch(
    sha     {bytes}  NOT NULL PRIMARY KEY,
    client  {text}   NOT NULL,
    account {text}   NOT NULL,
    context {text}   NOT NULL,
    expires {bigint} NOT NULL,
    used    {bigint}
){strict};
