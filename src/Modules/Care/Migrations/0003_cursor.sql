-- How far this room has followed the log of the record, by what it looks for.
CREATE TABLE car_cursor(
  name {text} PRIMARY KEY,
  seq {bigint} NOT NULL                   -- sequence number of the last version that was looked at
) {strict};
