-- What received papers say about somebody's mother, father, guardian or child: a projection of the record, for whoever comes later.
CREATE TABLE ppl_clue(
  source {text} NOT NULL PRIMARY KEY,     -- Type/id#kind of the resource that says it
  patient {text} NOT NULL,                -- whose papers
  kind {text} NOT NULL,                   -- MTH | FTH | GUARD: that is this Patient's …; CHILD: this Patient's child
  id_key {text} NOT NULL,                 -- system|value of the other one; empty when only a name is known
  name {text} NOT NULL,
  birth {text} NOT NULL                   -- of the other one, as in FHIR; empty when unknown
) {strict};
CREATE INDEX ppl_clue_patient ON ppl_clue(patient);
CREATE INDEX ppl_clue_key ON ppl_clue(id_key);

-- Who is whose mother, father, guardian or spouse, and what was last decided about it.
CREATE TABLE ppl_kin(
  patient {text} NOT NULL,
  relative {text} NOT NULL,               -- is this to the patient:
  kind {text} NOT NULL,                   -- MTH | FTH | GUARD | SPS (v3-RoleCode)
  state {text} NOT NULL,                  -- linked | waiting | removed
  reasons {text} NOT NULL,                -- why it waits, codes, blank between
  source {text} NOT NULL,                 -- Type/id that says so; empty when somebody said it
  at_us {bigint} NOT NULL,                -- asked or last decided, microseconds UTC
  PRIMARY KEY(patient, relative, kind)
) {strict};
CREATE INDEX ppl_kin_relative ON ppl_kin(relative);
CREATE INDEX ppl_kin_state ON ppl_kin(state, at_us);

-- Who decided what about two of a family, when and why; never changed, only added to.
CREATE TABLE ppl_kin_act(
  no {bigint} NOT NULL PRIMARY KEY,       -- 1, 2, 3 …: decisions stand in one order, so each saw all earlier ones
  patient {text} NOT NULL,
  relative {text} NOT NULL,
  kind {text} NOT NULL,
  at_us {bigint} NOT NULL,
  act {text} NOT NULL,                    -- linked | removed
  officer {text} NOT NULL,                -- account, or "mach" where the numbers of papers agreed
  why {text} NOT NULL
) {strict};
CREATE INDEX ppl_kin_act_patient ON ppl_kin_act(patient);
CREATE INDEX ppl_kin_act_relative ON ppl_kin_act(relative);
