-- Rules about unusual looking that were proposed, by whom, and who brought them into force. Instants are microseconds since 1970-01-01 UTC. Without
-- approved ones those of the data folder count, or those that came with the program.
CREATE TABLE acc_look_policy(
    id         {text}   NOT NULL PRIMARY KEY,
    body       {text}   NOT NULL,     -- JSON, as looks.json
    why        {text}   NOT NULL,
    state      {text}   NOT NULL,     -- draft, approved, declined
    made_by    {text}   NOT NULL,
    made       {bigint} NOT NULL,
    decided_by {text},
    decided    {bigint}
){strict};
CREATE UNIQUE INDEX acc_look_policy_draft ON acc_look_policy(state) WHERE state='draft';
