-- Records opened in an emergency (break-glass): by whom, whose, why, until when; and what the review found. Nothing is ever deleted.
CREATE TABLE acc_emergency(
  id {text} PRIMARY KEY,
  actor {text} NOT NULL, facility {text}, person {text} NOT NULL,
  reason {text} NOT NULL,
  opened {bigint} NOT NULL, until {bigint} NOT NULL, due {bigint} NOT NULL,
  closed {bigint},
  reviewed {bigint}, reviewer {text}, verdict {text}, note {text}) {strict};
CREATE INDEX acc_emergency_actor ON acc_emergency(actor, until);
CREATE INDEX acc_emergency_due ON acc_emergency(due) WHERE reviewed IS NULL;
