-- How people prove who they are: sessions that can be listed, second steps, passkeys, outside providers, ward computers, resets by two.
-- Instants are microseconds since 1970-01-01 UTC.

-- Of sessions only; null for tokens of systems and programs.
ALTER TABLE acc_token ADD COLUMN id {text};              -- UUID version 7: names the session on pages, opens nothing
ALTER TABLE acc_token ADD COLUMN device {text};          -- browser and system as shown
ALTER TABLE acc_token ADD COLUMN device_sha {bytes};     -- SHA-256 of the browser's device cookie
ALTER TABLE acc_token ADD COLUMN address {text};
ALTER TABLE acc_token ADD COLUMN used {bigint};          -- last use, to the minute
ALTER TABLE acc_token ADD COLUMN authenticated {bigint}; -- last full proof; null = signed in with a PIN only
ALTER TABLE acc_token ADD COLUMN methods {text};         -- RFC 8176: pwd, otp, hwk, pin, mfa; and rcv (recovery code), ext (provider), enrol (second step still to be set up)

ALTER TABLE acc_account ADD COLUMN handle {text};        -- random user handle of passkeys
ALTER TABLE acc_account ADD COLUMN must_change {bigint}; -- when a password was set by a reset and has to be replaced

-- Browsers an account has signed in from: a new one is announced, a known one is throttled by itself.
CREATE TABLE acc_known(
    account    {text}   NOT NULL,
    device_sha {bytes}  NOT NULL,
    first_seen {bigint} NOT NULL,
    last_seen  {bigint} NOT NULL,
    PRIMARY KEY(account, device_sha)
){strict};

-- What a person is told about their own account.
CREATE TABLE acc_notice(
    id      {text}   NOT NULL PRIMARY KEY,
    account {text}   NOT NULL,
    at      {bigint} NOT NULL,
    kind    {text}   NOT NULL,
    device  {text},
    address {text},
    seen    {bigint}
){strict};
CREATE INDEX acc_notice_account ON acc_notice(account, at);

CREATE TABLE acc_totp(
    account   {text}   NOT NULL PRIMARY KEY,
    secret    {bytes}  NOT NULL,  -- encrypted by data protection
    made      {bigint} NOT NULL,
    confirmed {bigint},
    last_step {bigint} NOT NULL   -- the newest time step that was used: none at or before it works again
){strict};

CREATE TABLE acc_recovery_code(
    account {text}   NOT NULL,
    sha     {bytes}  NOT NULL,    -- SHA-256 of 120 random bits
    made    {bigint} NOT NULL,
    used    {bigint},
    PRIMARY KEY(account, sha)
){strict};

CREATE TABLE acc_passkey(
    credential      {text}   NOT NULL PRIMARY KEY, -- credential id, base64url
    account         {text}   NOT NULL,
    name            {text}   NOT NULL,
    public_key      {bytes}  NOT NULL,             -- COSE key
    sign_count      {bigint} NOT NULL,
    transports      {text}   NOT NULL,
    user_verified   {bigint} NOT NULL,
    backup_eligible {bigint} NOT NULL,
    backed_up       {bigint} NOT NULL,
    attestation     {bytes}  NOT NULL,
    client_data     {bytes}  NOT NULL,
    made            {bigint} NOT NULL,
    used            {bigint}
){strict};
CREATE INDEX acc_passkey_account ON acc_passkey(account);

-- A person of an outside provider, bound to an account by an administrator.
CREATE TABLE acc_external(
    issuer   {text}   NOT NULL,
    subject  {text}   NOT NULL,
    account  {text}   NOT NULL,
    bound_by {text}   NOT NULL,
    bound    {bigint} NOT NULL,
    PRIMARY KEY(issuer, subject)
){strict};
CREATE INDEX acc_external_account ON acc_external(account);

-- A reset of what a person signs in with: one administrator proposes, another confirms, the person gets a code of one use.
CREATE TABLE acc_reset(
    id         {text}   NOT NULL PRIMARY KEY,
    account    {text}   NOT NULL,
    reason     {text}   NOT NULL,
    proposed_by {text}  NOT NULL,
    proposed   {bigint} NOT NULL,
    decided_by {text},
    decided    {bigint},
    outcome    {text},              -- confirmed, declined
    code_sha   {bytes},
    expires    {bigint} NOT NULL,
    used       {bigint}
){strict};
CREATE INDEX acc_reset_account ON acc_reset(account, proposed);

-- Shared computers where people switch with a PIN.
CREATE TABLE acc_ward_device(
    device_sha    {bytes}  NOT NULL PRIMARY KEY,
    id            {text}   NOT NULL UNIQUE,
    name          {text}   NOT NULL,
    registered_by {text}   NOT NULL,
    registered    {bigint} NOT NULL
){strict};

CREATE TABLE acc_pin(
    device_sha {bytes}  NOT NULL,
    account    {text}   NOT NULL,
    pin        {text}   NOT NULL,   -- hashed like a password
    tries      {bigint} NOT NULL,   -- wrong ones in a row
    made       {bigint} NOT NULL,
    ends       {bigint} NOT NULL,   -- twelve hours after the full sign-in
    PRIMARY KEY(device_sha, account)
){strict};
