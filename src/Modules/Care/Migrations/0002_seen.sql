-- Until when somebody has seen the results of a person: what came into the record later is new to them.
CREATE TABLE car_seen(
  account {text} NOT NULL,
  patient {text} NOT NULL,                -- Patient id of the page it was pressed on
  until_us {bigint} NOT NULL,             -- microseconds UTC: lastUpdated of the newest result that was shown
  PRIMARY KEY(account, patient)
) {strict};
