-- How recent each part of a person's golden view is: a projection of the dossiers filed under the person.
CREATE TABLE ppl_person(
  patient {text} NOT NULL PRIMARY KEY,    -- Patient id
  as_of {text} NOT NULL                   -- minutes since 1970 per part of the view; see FieldTimes
) {strict};

-- A dossier whose identifiers contradict what is known: filed under a provisional person until a data officer decides.
CREATE TABLE ppl_question(
  id {text} NOT NULL PRIMARY KEY,
  facility {text} NOT NULL,
  ma_lk {text} NOT NULL,
  patient {text} NOT NULL,                -- the provisional person
  candidates {text} NOT NULL,             -- Patient ids, blank between
  reasons {text} NOT NULL,                -- reason codes, blank between
  claim {bytes} NOT NULL,                 -- what the dossier said, JSON
  status {text} NOT NULL,                 -- waiting | decided | corrected
  asked_us {bigint} NOT NULL              -- microseconds UTC
) {strict};
CREATE INDEX ppl_question_status ON ppl_question(status, asked_us);

-- Who decided what about whom, when and why; never changed, only added to.
CREATE TABLE ppl_decision(
  question {text} NOT NULL,
  candidate {text} NOT NULL,
  at_us {bigint} NOT NULL,
  decision {text} NOT NULL,               -- same | different | undone
  officer {text} NOT NULL,
  why {text} NOT NULL,
  PRIMARY KEY(question, candidate, at_us)
) {strict};
