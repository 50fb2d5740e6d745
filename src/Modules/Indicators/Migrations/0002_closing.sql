-- Steps that a month went through, one row each: nothing is ever overwritten. place: a facility, or * = the health department.
-- act: signed, checked, returned, published, restated; seq: how far the log was counted then.
-- hash, body: of signed and restated, what was signed (JSON, gzip), and SHA-256 of it; NULL otherwise.
CREATE TABLE ind_closing(
  month {int} NOT NULL, place {text} NOT NULL, step {int} NOT NULL,
  act {text} NOT NULL, who {text} NOT NULL, at_us {bigint} NOT NULL, why {text} NOT NULL,
  seq {bigint} NOT NULL, hash {text}, body {bytes},
  PRIMARY KEY(month, place, step)) {strict} {norowid};

-- Records of a signed month that gave something else afterwards. seq: of the version of the record, or of the person, that did it.
-- what: added, changed, removed.
CREATE TABLE ind_late(
  month {int} NOT NULL, facility {text} NOT NULL, type {text} NOT NULL, id {text} NOT NULL, seq {bigint} NOT NULL,
  what {text} NOT NULL, patient {text} NOT NULL, at_us {bigint} NOT NULL,
  PRIMARY KEY(month, facility, type, id, seq)) {strict} {norowid};
