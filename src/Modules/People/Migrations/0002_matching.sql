-- What matching compares of each Patient: a projection of the record, made anew by `mach rebuild people`.
CREATE TABLE ppl_profile(
  n {bigint} NOT NULL PRIMARY KEY,        -- hash of the Patient id
  patient {text} NOT NULL,
  version {int} NOT NULL,                 -- of the Patient that the facts were read from
  facts {bytes} NOT NULL,                 -- see PersonFacts
  swept {bigint} NOT NULL DEFAULT 0       -- hash of the facts that were last compared with everybody's
) {strict};

-- Who shares a blocking key. A key that a person has no more may stay: whoever is found by it is compared and falls out.
CREATE TABLE ppl_block(
  h {bigint} NOT NULL,                    -- hash of the key, see BlockingKeys
  n {bigint} NOT NULL,
  PRIMARY KEY(h, n)
) {strict}, {norowid};

-- How far the log of the record has been followed.
CREATE TABLE ppl_cursor(
  name {text} NOT NULL PRIMARY KEY,
  seq {bigint} NOT NULL
) {strict};

-- Two Patients that may be one person, and what was last decided about them. patient_a < patient_b.
CREATE TABLE ppl_pair(
  patient_a {text} NOT NULL,
  patient_b {text} NOT NULL,
  state {text} NOT NULL,                  -- waiting | later | same | different | undone
  bits {double} NOT NULL,                 -- weight when it was asked, log2 of the odds
  reasons {text} NOT NULL,                -- fields with their levels and weights
  weights {text} NOT NULL,                -- version of the table
  at_us {bigint} NOT NULL,                -- asked or last decided, microseconds UTC
  PRIMARY KEY(patient_a, patient_b)
) {strict};
CREATE INDEX ppl_pair_state ON ppl_pair(state, bits);
CREATE INDEX ppl_pair_b ON ppl_pair(patient_b);

-- Who decided what about two Patients, when and why; never changed, only added to.
CREATE TABLE ppl_verdict(
  no {bigint} NOT NULL PRIMARY KEY,       -- 1, 2, 3 …: decisions stand in one order, so each saw all earlier ones
  patient_a {text} NOT NULL,
  patient_b {text} NOT NULL,
  at_us {bigint} NOT NULL,
  verdict {text} NOT NULL,                -- same | different | later | undone
  officer {text} NOT NULL,
  why {text} NOT NULL,
  bits {double} NOT NULL
) {strict};
CREATE INDEX ppl_verdict_pair ON ppl_verdict(patient_a, patient_b);

-- The weight tables that were learned here; the newest is used, the one that ships when there is none.
CREATE TABLE ppl_weight(
  made_us {bigint} NOT NULL PRIMARY KEY,
  made_by {text} NOT NULL,
  body {bytes} NOT NULL
) {strict};
