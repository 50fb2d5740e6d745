-- Keys that bodies are sealed with (docs/adr/0019), each wrapped by a key of the vault. since: last number of ver when it was made.
CREATE TABLE data_key(
  n {int} PRIMARY KEY,
  vault_key {text} NOT NULL, wrapped {bytes} NOT NULL,
  made {bigint} NOT NULL, since {bigint} NOT NULL) {strict};

-- How far what is stored has been sealed anew with key n: place = the last row that was looked at.
CREATE TABLE data_key_move(
  name {text} PRIMARY KEY,
  n {int} NOT NULL, place {text} NOT NULL, number {bigint} NOT NULL, done {smallint} NOT NULL) {strict};

-- 5 = number of the data key that seals; 0 = bodies are not sealed. Writers read it with the other counters, so no version is written with an older key than this.
INSERT INTO counter(id, n) VALUES(5, 0);
