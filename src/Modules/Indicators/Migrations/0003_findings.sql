-- What did not look right, in steps of which none is overwritten; the last one holds.
-- place: a facility, t: and a tier, or * = all. act: found, changed, gone (the program); given, explained, opened (people).
-- value, expected: as the check compares them; effect: share of the number of all; rows: that stand behind the value; due: days since 0001-01-01.
CREATE TABLE ind_finding(
  rule {text} NOT NULL, indicator {text} NOT NULL, place {text} NOT NULL, month {int} NOT NULL, step {int} NOT NULL,
  act {text} NOT NULL, who {text} NOT NULL, at_us {bigint} NOT NULL, why {text} NOT NULL,
  owner {text} NOT NULL, due {int} NOT NULL,
  value {double} NOT NULL, expected {double} NOT NULL, effect {double} NOT NULL, n {bigint} NOT NULL,
  PRIMARY KEY(rule, indicator, place, month, step)) {strict} {norowid};
CREATE INDEX ind_finding_place ON ind_finding(place);
