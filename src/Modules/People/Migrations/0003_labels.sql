-- Labels of Patients: a projection of the record, kept in the commit that changes them. Who never had one has no row.
CREATE TABLE ppl_label(
  patient {text} NOT NULL PRIMARY KEY,
  version {int} NOT NULL,                 -- of the Patient that it was read from
  labels {int} NOT NULL                   -- 1 confidential, 2 test person, 3 both, 0 none any more
) {strict};

-- What data officers said about persons, when and why; never changed, only added to.
CREATE TABLE ppl_mark(
  no {bigint} NOT NULL PRIMARY KEY,       -- 1, 2, 3 …: so each saw all earlier ones
  patient {text} NOT NULL,
  at_us {bigint} NOT NULL,                -- microseconds UTC
  mark {text} NOT NULL,                   -- confidential | open | test | real | alive | dead
  officer {text} NOT NULL,
  why {text} NOT NULL,
  was {text} NOT NULL                     -- the time of death that was taken away (alive) or put back (dead), "true" when only the fact was known; else empty
) {strict};
CREATE INDEX ppl_mark_patient ON ppl_mark(patient, no);
