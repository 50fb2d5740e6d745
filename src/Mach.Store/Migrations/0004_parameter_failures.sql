-- Resources on which the expression of an added search parameter failed, so that they are not found by it; rows go when a version comes on which it does not.
CREATE TABLE param_failure(
  p {smallint} NOT NULL, rid {bigint} NOT NULL, why {text} NOT NULL,
  PRIMARY KEY(p, rid)) {strict} {norowid};
CREATE INDEX param_failure_rid ON param_failure(rid);
