-- Search parameters that were added to this store by SearchParameter resources.
-- state: building (rows are being written), enabled, dropping (rows are being taken away), refused (see reason).
-- cursor: sequence number up to which the type's heads have been looked at.
DROP TABLE param;
CREATE TABLE param(
  p {smallint} PRIMARY KEY,
  url {text} NOT NULL, type {text} NOT NULL, code {text} NOT NULL,
  state {text} NOT NULL, cursor {bigint} NOT NULL,
  definition {text} NOT NULL, reason {text}) {strict};

-- 4 = version of the set of parameters: whoever writes looks whether it still is the one that the rows were made with.
INSERT INTO counter(id, n) VALUES(4, 0);
