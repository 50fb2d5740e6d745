-- Versions that have been replaced, by type. With the heads (res_seq) they are all versions of a type in the order of the log,
-- so that the history of a rare type is read without walking over those of the others. A new resource has no row here.
CREATE TABLE past(
  type {smallint} NOT NULL, seq {bigint} NOT NULL,
  PRIMARY KEY(type, seq)) {strict} {norowid};
INSERT INTO past(type, seq)
  SELECT r.type, v.seq FROM res r JOIN ver v ON v.rid=r.rid WHERE r.vno>1 AND v.vno<r.vno;
-- ver.op has a fourth value from here on: 4 = create under an id of the server's choice (POST); 1 = create under an id of the writer's.
