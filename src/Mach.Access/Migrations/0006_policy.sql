-- Access policies that were proposed, by whom, and who brought them into force. Instants are microseconds since 1970-01-01 UTC. Without an approved
-- one the policy that came with the program counts.
CREATE TABLE acc_policy(
    id         {text}   NOT NULL PRIMARY KEY,
    body       {text}   NOT NULL,     -- JSON, as policy.json
    why        {text}   NOT NULL,
    state      {text}   NOT NULL,     -- draft, approved, declined
    made_by    {text}   NOT NULL,
    made       {bigint} NOT NULL,
    decided_by {text},
    decided    {bigint}
){strict};
CREATE UNIQUE INDEX acc_policy_draft ON acc_policy(state) WHERE state='draft';
