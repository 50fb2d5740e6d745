-- An envelope as it came in: who sent it, through which door, and what became of it.
CREATE TABLE int_receipt(
  id {text} NOT NULL PRIMARY KEY,         -- maGiaoDich
  account {text} NOT NULL,
  door {text} NOT NULL,                   -- portal | page | import | demo …
  file_name {text},
  facility {text},                        -- MACSKCB of the envelope
  sha {text},                             -- SHA-256 of the file, hex; null when it was too large to keep
  size_bytes {bigint} NOT NULL,
  received_us {bigint} NOT NULL,          -- microseconds UTC
  finished_us {bigint},
  state {text} NOT NULL,                  -- receiving | done | rejected | interrupted
  owner {text} NOT NULL,                  -- the process that takes it: host, number and start of the process
  dossiers {int} NOT NULL,
  made {int} NOT NULL,                    -- dossiers taken for the first time
  changed {int} NOT NULL,                 -- corrected ones
  unchanged {int} NOT NULL,
  refused {int} NOT NULL,
  findings {bytes}                        -- of the envelope itself
) {strict};
CREATE INDEX int_receipt_received ON int_receipt(received_us);
CREATE INDEX int_receipt_state ON int_receipt(state, received_us);

-- The bytes of an envelope between its dossiers (the whole file when it could not be split), in pieces.
CREATE TABLE int_part(
  receipt {text} NOT NULL,
  n {int} NOT NULL,
  bytes {bytes} NOT NULL,
  PRIMARY KEY(receipt, n)
) {strict};

-- One dossier of one envelope and its result.
CREATE TABLE int_line(
  receipt {text} NOT NULL,
  position {int} NOT NULL,                -- 1-based place in the envelope
  start_at {bigint} NOT NULL,             -- first byte in the envelope
  length {int} NOT NULL,                  -- bytes
  facility {text} NOT NULL,
  ma_lk {text} NOT NULL,
  dossier {text},                         -- null when refused
  version {int} NOT NULL,                 -- version that holds the content; 0 when refused
  result {text} NOT NULL,                 -- new | updated | unchanged | refused
  errors {int} NOT NULL,
  warnings {int} NOT NULL,
  findings {bytes},                       -- only of a refused dossier, or about the filing
  bytes {bytes},                          -- as received, where no version holds the same bytes
  PRIMARY KEY(receipt, position)
) {strict};

-- Every version of every dossier, with its exact bytes. The record holds what was made of it.
CREATE TABLE int_version(
  dossier {text} NOT NULL,                -- id of the Encounter
  version {int} NOT NULL,
  facility {text} NOT NULL,
  ma_lk {text} NOT NULL,
  kind {int} NOT NULL,                    -- 0 check-in, 1 dossier
  sha {bytes} NOT NULL,                   -- SHA-256 of the bytes
  patient {text} NOT NULL,
  receipt {text} NOT NULL,
  position {int} NOT NULL,
  account {text} NOT NULL,
  door {text} NOT NULL,
  taken_us {bigint} NOT NULL,
  errors {int} NOT NULL,
  warnings {int} NOT NULL,
  resources {text} NOT NULL,              -- what this version made, Type/id by line; ~ stands for the dossier's id
  findings {bytes},
  bytes {bytes} NOT NULL,
  PRIMARY KEY(dossier, version)
) {strict};

-- How often the current version of a dossier breaks a rule.
CREATE TABLE int_finding(
  dossier {text} NOT NULL,
  rule {text} NOT NULL,
  facility {text} NOT NULL,
  severity {int} NOT NULL,
  times {int} NOT NULL,
  PRIMARY KEY(dossier, rule)
) {strict}{norowid};
CREATE INDEX int_finding_rule ON int_finding(rule, facility);
