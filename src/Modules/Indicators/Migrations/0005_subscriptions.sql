-- Reports that somebody wants whenever a period has ended. since: the first day, and seen: the last day of the newest period that was opened, both in days since 0001-01-01; seen 0 = none.
CREATE TABLE ind_subscription(
  account {text} NOT NULL, report {text} NOT NULL, cadence {text} NOT NULL, since {int} NOT NULL, seen {int} NOT NULL,
  PRIMARY KEY(account, report, cadence)) {strict} {norowid};
