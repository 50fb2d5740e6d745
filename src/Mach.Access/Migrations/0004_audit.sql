-- The audit trail: one line for each thing that was read, searched, changed or refused. Lines come from the spool of a data folder (its chain) and are never changed.
-- Instants are microseconds since 1970-01-01 UTC.
CREATE TABLE acc_audit(
    chain    {text}   NOT NULL,
    seq      {bigint} NOT NULL,     -- from 1, without gaps
    at       {bigint} NOT NULL,
    actor    {text}   NOT NULL,
    action   {text}   NOT NULL,     -- C, R, U, D, E
    what     {text}   NOT NULL,
    outcome  {text}   NOT NULL,     -- ok, failed, denied
    facility {text},
    address  {text},
    purpose  {text},
    body     {bytes}  NOT NULL,     -- the line as JSON; the other columns are taken from it
    hash     {bytes}  NOT NULL,     -- SHA-256 over the hash before, the number (8 bytes, big endian) and the body
    PRIMARY KEY(chain, seq)
){strict};
CREATE INDEX acc_audit_at ON acc_audit(at);
CREATE INDEX acc_audit_actor ON acc_audit(actor, at);
{appendonly:acc_audit}

-- Whose data a line is about.
CREATE TABLE acc_audit_person(
    person {text}   NOT NULL,
    at     {bigint} NOT NULL,
    chain  {text}   NOT NULL,
    seq    {bigint} NOT NULL,
    PRIMARY KEY(person, at, chain, seq)
){strict};
{appendonly:acc_audit_person}

CREATE INDEX acc_audit_person_line ON acc_audit_person(chain, seq);

-- Signed heads of chains; the same lines stand in a file beside the database.
CREATE TABLE acc_audit_checkpoint(
    chain     {text}   NOT NULL,
    seq       {bigint} NOT NULL,
    at        {bigint} NOT NULL,
    hash      {bytes}  NOT NULL,
    key_id    {text}   NOT NULL,
    signature {bytes}  NOT NULL,
    PRIMARY KEY(chain, seq)
){strict};
{appendonly:acc_audit_checkpoint}
