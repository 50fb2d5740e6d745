-- What people decided about who sees their record (Consent), as the rules that statements hold heads against; and what ties people to facilities,
-- wards and practitioners besides visits. Both are made of current bodies, like the index rows, and in the same transaction.
-- consent: fac 0 = any facility; who NULL = anybody; lab 0 = everything; type 0 = any type; why 0 = any purpose (Mach.Kernel.Purposes).
CREATE TABLE consent(
  pk {bigint} NOT NULL, rid {bigint} NOT NULL, n {smallint} NOT NULL,
  depth {smallint} NOT NULL, deny {smallint} NOT NULL,
  fac {int} NOT NULL, who {text}, lab {int} NOT NULL, type {smallint} NOT NULL, why {int} NOT NULL,
  since {bigint} NOT NULL, until {bigint} NOT NULL, dlo {bigint} NOT NULL, dhi {bigint} NOT NULL,
  PRIMARY KEY(pk, rid, n)) {strict} {norowid};
CREATE INDEX consent_rid ON consent(rid);

-- kind: Mach.Kernel.TieKinds; fac for facilities, other for wards and practitioners; at: when it began, the greatest number = counts while it stands.
CREATE TABLE tie(
  pk {bigint} NOT NULL, rid {bigint} NOT NULL, n {smallint} NOT NULL,
  kind {smallint} NOT NULL, fac {int} NOT NULL, other {text}, at {bigint} NOT NULL,
  PRIMARY KEY(pk, rid, n)) {strict} {norowid};
CREATE INDEX tie_rid ON tie(rid);
