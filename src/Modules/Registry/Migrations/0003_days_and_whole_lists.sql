-- The last day in Vietnam whose state the resources and reg_facility say; facts that begin or end on a later day are published when it comes.
CREATE TABLE reg_published(
  name {text} NOT NULL PRIMARY KEY,      -- one row: registry
  day {text} NOT NULL                    -- ISO day
) {strict};

-- 1: the file was the whole list, so what it lacked ended on its day.
ALTER TABLE reg_import ADD COLUMN whole {int} NOT NULL DEFAULT 0;
