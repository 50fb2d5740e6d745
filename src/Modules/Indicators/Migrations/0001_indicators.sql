-- The record, flattened for counting (ind_fact), and what it adds up to (ind_cell by month, ind_day by day). All of it is made of the record and
-- can be thrown away: `mach rebuild indicators` makes it anew.

-- A Patient as the facts use it. person: the lowest id among the Patients of one person.
CREATE TABLE ind_person(
  patient {text} PRIMARY KEY,
  person {text} NOT NULL, sex {text} NOT NULL, born {text} NOT NULL, commune {text} NOT NULL, test {smallint} NOT NULL) {strict};
CREATE INDEX ind_person_person ON ind_person(person);

-- view: Facts/FactView; id: of the resource; day: days since 0001-01-01; facility: five characters, commune: five digits, '' = unknown.
-- cols: the other columns of the view with the person's, sealed; what the cells were last given is read back from here.
CREATE TABLE ind_fact(
  view {smallint} NOT NULL, id {text} NOT NULL, seq {bigint} NOT NULL,
  patient {text} NOT NULL, person {text} NOT NULL, day {int} NOT NULL, facility {text} NOT NULL, commune {text} NOT NULL,
  cols {bytes} NOT NULL,
  PRIMARY KEY(view, id)) {strict} {norowid};
CREATE INDEX ind_fact_day ON ind_fact(view, day, facility, id);
CREATE INDEX ind_fact_patient ON ind_fact(patient);

-- What is counted: one row a distinct piece of a definition. place: the last fact (view's key) that it was given while it is being filled; NULL = all.
CREATE TABLE ind_measure(
  m {int} PRIMARY KEY, spec {text} NOT NULL UNIQUE, view {smallint} NOT NULL, place {text}) {strict};

-- v in hundredths, so that sums are exact; n: facts that gave it.
CREATE TABLE ind_cell(
  m {int} NOT NULL, month {int} NOT NULL, facility {text} NOT NULL, commune {text} NOT NULL, stratum {text} NOT NULL,
  n {bigint} NOT NULL, v {bigint} NOT NULL,
  PRIMARY KEY(m, month, facility, commune, stratum)) {strict} {norowid};
-- The same without residence and stratum; facility '*' = all together. Persons counted once stand here too, by span (Cube/Spans).
CREATE TABLE ind_month(
  m {int} NOT NULL, month {int} NOT NULL, facility {text} NOT NULL,
  n {bigint} NOT NULL, v {bigint} NOT NULL,
  PRIMARY KEY(m, month, facility)) {strict} {norowid};
CREATE INDEX ind_month_facility ON ind_month(facility, month, m);
CREATE TABLE ind_day(
  m {int} NOT NULL, day {int} NOT NULL, facility {text} NOT NULL,
  n {bigint} NOT NULL, v {bigint} NOT NULL,
  PRIMARY KEY(m, day, facility)) {strict} {norowid};

-- Distinct persons of a month, a quarter and a year: how many facts a person gave. span: 1 month, 3 quarter, 12 year; since: its first month.
CREATE TABLE ind_state(
  m {int} NOT NULL, span {smallint} NOT NULL, since {int} NOT NULL, person {text} NOT NULL, facility {text} NOT NULL,
  n {bigint} NOT NULL,
  PRIMARY KEY(m, span, since, person, facility)) {strict} {norowid};

-- How far the log of the record was counted, and when. step: one more with each piece of work; who finds another number than it began with was overtaken.
CREATE TABLE ind_cursor(
  name {text} PRIMARY KEY, seq {bigint} NOT NULL, at_us {bigint} NOT NULL, step {bigint} NOT NULL) {strict};

-- Definitions that were written here; the shipped ones come with the program. body: JSON.
CREATE TABLE ind_definition(
  code {text} NOT NULL, version {int} NOT NULL, body {text} NOT NULL,
  who {text} NOT NULL, at_us {bigint} NOT NULL, why {text} NOT NULL,
  PRIMARY KEY(code, version)) {strict} {norowid};

-- Each recount: cells that were compared, and what did not agree.
CREATE TABLE ind_recount(
  at_us {bigint} PRIMARY KEY, cells {bigint} NOT NULL, drift {bigint} NOT NULL, said {text} NOT NULL) {strict};

-- What is planned of an indicator in a year. place: f: and a facility, t: and a tier, or *; the newest version holds; v NULL = no longer planned.
CREATE TABLE ind_plan(
  indicator {text} NOT NULL, year {int} NOT NULL, place {text} NOT NULL, version {int} NOT NULL,
  v {bigint}, who {text} NOT NULL, at_us {bigint} NOT NULL, why {text} NOT NULL,
  PRIMARY KEY(indicator, year, place, version)) {strict} {norowid};
