-- Unusual looking: what rules or people hold against a look, and what a data officer found. Flags are never deleted. Instants are microseconds since 1970-01-01 UTC.
CREATE TABLE acc_flag(
    id       {text}     NOT NULL PRIMARY KEY,  -- derived of rule, account, person and day: the same thing is one flag
    rule     {text}     NOT NULL,              -- of looks.json, or question
    account  {text}     NOT NULL,              -- who looked
    facility {text},                           -- that the account acted for
    person   {text}     NOT NULL,              -- id of the Patient; empty = no one in particular
    day      {text}     NOT NULL,              -- in Viet Nam, yyyy-MM-dd
    severity {smallint} NOT NULL,              -- 1 low, 2 medium, 3 high
    first_line {text}   NOT NULL,              -- ids of audit lines: chain-number
    last_line  {text}   NOT NULL,
    count    {bigint}   NOT NULL,              -- lines, or what was measured
    evidence {text}     NOT NULL,              -- ids of audit lines, blank between; the first twenty
    words    {text},                           -- what the person asked
    at       {bigint}   NOT NULL,              -- of the first line
    changed  {bigint}   NOT NULL,              -- of the newest line
    state    {text}     NOT NULL,              -- open, explained, escalated, dismissed
    judged   {bigint},                         -- the count that the last verdict saw
    decided_by {text}, decided {bigint}, note {text},
    UNIQUE(rule, account, person, day)
){strict};
CREATE INDEX acc_flag_state ON acc_flag(state, severity, changed);
CREATE INDEX acc_flag_person ON acc_flag(person, rule);

-- Every verdict there ever was.
CREATE TABLE acc_flag_verdict(
    flag  {text}   NOT NULL,
    at    {bigint} NOT NULL,
    officer {text} NOT NULL,
    state {text}   NOT NULL,
    note  {text}   NOT NULL,
    count {bigint} NOT NULL,
    PRIMARY KEY(flag, at)
){strict};
{appendonly:acc_flag_verdict}
{noreplace:acc_flag_verdict.flag.at}

-- How far each chain of the audit trail was judged. The chain '' is no chain: its row keeps two judges apart.
CREATE TABLE acc_flag_watch(
    chain {text}   NOT NULL PRIMARY KEY,
    seq   {bigint} NOT NULL,
    at    {bigint} NOT NULL
){strict};
INSERT INTO acc_flag_watch(chain, seq, at) VALUES ('', 0, 0);

-- SQLite takes a row away without asking the triggers of DELETE when another with its key is put there by REPLACE.
{noreplace:acc_audit.chain.seq}
{noreplace:acc_audit_person.person.at.chain.seq}
{noreplace:acc_audit_checkpoint.chain.seq}
