-- The record tables (docs/adr/0001): one append-only log of versions, heads, and narrow typed index tables
-- whose rows carry the patient key pk and the clinical date dt. Instants are microseconds UTC.

CREATE TABLE setting(
  name {text} PRIMARY KEY,
  value {bytes} NOT NULL) {strict};

-- 1 = last commit number, 2 = last version sequence number, 3 = last resource number.
CREATE TABLE counter(
  id {smallint} PRIMARY KEY,
  n {bigint} NOT NULL) {strict};
INSERT INTO counter(id, n) VALUES(1, 0), (2, 0), (3, 0);

-- One row per atomic write. tx is dense; hash = SHA-256(prev, root and the row itself).
CREATE TABLE commit_log(
  tx {bigint} PRIMARY KEY,
  at {bigint} NOT NULL,
  gen {int} NOT NULL,
  origin {int} NOT NULL, epoch {int} NOT NULL, n {bigint} NOT NULL,
  idem {bytes}, actor {text} NOT NULL,
  seq0 {bigint} NOT NULL, cnt {int} NOT NULL,
  root {bytes} NOT NULL, prev {bytes} NOT NULL, hash {bytes} NOT NULL,
  UNIQUE(origin, epoch, n)) {strict};
CREATE UNIQUE INDEX commit_idem ON commit_log(idem) WHERE idem IS NOT NULL;

-- Every version ever; op: 1 create, 2 update, 3 delete.
CREATE TABLE ver(
  seq {bigint} PRIMARY KEY,
  pk {bigint} NOT NULL, rid {bigint} NOT NULL, vno {int} NOT NULL,
  op {smallint} NOT NULL, tx {bigint} NOT NULL, parents {bytes},
  codec {smallint} NOT NULL, body {bytes}, sha {bytes} NOT NULL) {strict};
CREATE INDEX ver_pk ON ver(pk, seq);
CREATE INDEX ver_rid ON ver(rid, vno);

-- Heads; del: 0 current, 1 deleted, 2 placeholder (referred to, not yet arrived).
CREATE TABLE res(
  rid {bigint} PRIMARY KEY,
  type {smallint} NOT NULL, fid {text} NOT NULL,
  pk {bigint} NOT NULL, dt {bigint} NOT NULL, org {int} NOT NULL,
  vno {int} NOT NULL, seq {bigint} NOT NULL, del {smallint} NOT NULL,
  xv {smallint} NOT NULL, keys {bytes}) {strict};
CREATE UNIQUE INDEX res_fid ON res(type, fid);
CREATE INDEX res_pk ON res(pk, type, dt{thenrid});
CREATE INDEX res_seq ON res(type, seq);

CREATE TABLE tok(
  h {bigint} NOT NULL, pk {bigint} NOT NULL, dt {bigint} NOT NULL, rid {bigint} NOT NULL,
  PRIMARY KEY(h, pk, dt, rid)) {strict} {norowid};

CREATE TABLE ref(
  tgt {bigint} NOT NULL, p {smallint} NOT NULL, dt {bigint} NOT NULL, rid {bigint} NOT NULL, pk {bigint} NOT NULL,
  PRIMARY KEY(tgt, p, dt, rid)) {strict} {norowid};

CREATE TABLE str(
  p {smallint} NOT NULL, s {text} NOT NULL, rid {bigint} NOT NULL, pk {bigint} NOT NULL,
  PRIMARY KEY(p, s, rid)) {strict} {norowid};

CREATE TABLE dat(
  p {smallint} NOT NULL, lo {bigint} NOT NULL, rid {bigint} NOT NULL, hi {bigint} NOT NULL, pk {bigint} NOT NULL,
  PRIMARY KEY(p, lo, rid)) {strict} {norowid};

CREATE TABLE qty(
  h {bigint} NOT NULL, v {double} NOT NULL, rid {bigint} NOT NULL, pk {bigint} NOT NULL,
  PRIMARY KEY(h, v, rid)) {strict} {norowid};

-- Business keys that only one resource may hold.
CREATE TABLE uniq(
  h {bigint} PRIMARY KEY,
  rid {bigint} NOT NULL) {strict};

-- Search parameters whose index rows exist; state: building, enabled.
CREATE TABLE param(
  p {smallint} PRIMARY KEY,
  url {text} NOT NULL, type {text} NOT NULL, state {text} NOT NULL,
  cursor {bigint} NOT NULL) {strict};
