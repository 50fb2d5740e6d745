-- Dashboards that people put together, in versions of which none is overwritten; the last one holds. shared: everybody who reads indicators may see it, each with their own numbers.
CREATE TABLE ind_board(
  id {text} NOT NULL, version {int} NOT NULL,
  owner {text} NOT NULL, name {text} NOT NULL, shared {int} NOT NULL, gone {int} NOT NULL, at_us {bigint} NOT NULL, body {text} NOT NULL,
  PRIMARY KEY(id, version)) {strict} {norowid};
