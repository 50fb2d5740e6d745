-- Where people work, when, and for whom they act. Instants are microseconds since 1970-01-01 UTC. Nothing is deleted: things end.

ALTER TABLE acc_account ADD COLUMN practitioner {text};  -- id of the Practitioner that this person is
ALTER TABLE acc_account ADD COLUMN person {text};        -- id of the Patient that this person is: their own record

-- A post: work at a facility, maybe on one ward, from one day to another. A person acts for one post at a time.
CREATE TABLE acc_post(
    id       {text}   NOT NULL PRIMARY KEY,
    account  {text}   NOT NULL,
    facility {text}   NOT NULL,
    ward     {text},                -- id of the Location; null = the whole facility
    roles    {text},                -- those of the account that count at this post, separated by blanks; null = all
    rota     {smallint} NOT NULL,   -- 1 = the post counts during its shifts alone
    since    {bigint} NOT NULL,
    until    {bigint},              -- null = open
    made_by  {text}   NOT NULL,
    made     {bigint} NOT NULL
){strict};
CREATE INDEX acc_post_account ON acc_post(account, since);

CREATE TABLE acc_shift(
    post   {text}   NOT NULL,
    starts {bigint} NOT NULL,
    ends   {bigint} NOT NULL,
    PRIMARY KEY(post, starts)
){strict};

-- The post that a person has chosen to act for, where several count.
CREATE TABLE acc_chosen(
    account {text}   NOT NULL PRIMARY KEY,
    post    {text}   NOT NULL,
    at      {bigint} NOT NULL
){strict};

-- Who acts for whom: parents, guardians, carers; by a data officer or registrar who saw the papers.
CREATE TABLE acc_proxy(
    id       {text}   NOT NULL PRIMARY KEY,
    account  {text}   NOT NULL,     -- who acts
    person   {text}   NOT NULL,     -- id of the Patient for whom
    kind     {text}   NOT NULL,     -- parent, child, guardian, carer
    why      {text}   NOT NULL,     -- the paper that was seen
    since    {bigint} NOT NULL,
    until    {bigint},
    made_by  {text}   NOT NULL,
    made     {bigint} NOT NULL,
    ended    {bigint}, ended_by {text}
){strict};
CREATE INDEX acc_proxy_account ON acc_proxy(account);
CREATE INDEX acc_proxy_person ON acc_proxy(person);
