-- What the registry states, each fact in two times: valid_from/valid_to by law (ISO dates, the end exclusive, 0001-01-01 and 9999-12-31 are open),
-- known_from/known_to in the record (microseconds UTC, the end exclusive, 9223372036854775807 is open). Facts are added and closed, never rewritten.
CREATE TABLE reg_change(
  number {bigint} NOT NULL PRIMARY KEY,  -- dense; the unique key that makes two officers' changes one after the other
  at_us {bigint} NOT NULL,               -- since when what it states is known, microseconds UTC
  made_us {bigint} NOT NULL,             -- when it was made
  kind {text} NOT NULL,                  -- seed | edit | succession | import | undo
  who {text} NOT NULL,
  why {text} NOT NULL,
  subject {text} NOT NULL,               -- what it is about, such as unit:xa-07900
  undoes {bigint},                       -- the change that this one takes back
  opened {int} NOT NULL,
  closed {int} NOT NULL
) {strict};

CREATE TABLE reg_unit(
  fact {text} NOT NULL PRIMARY KEY, unit {text} NOT NULL, code {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_unit_name(
  fact {text} NOT NULL PRIMARY KEY, unit {text} NOT NULL, name {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_unit_type(
  fact {text} NOT NULL PRIMARY KEY, unit {text} NOT NULL, type {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_unit_parent(
  fact {text} NOT NULL PRIMARY KEY, child {text} NOT NULL, hierarchy {text} NOT NULL, parent {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_unit_shape(                -- GeoJSON geometry, or the centre as "latitude longitude"
  fact {text} NOT NULL PRIMARY KEY, unit {text} NOT NULL, kind {text} NOT NULL, shape {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_unit_measure(              -- population, area in km2; each with the source that gave it
  fact {text} NOT NULL PRIMARY KEY, unit {text} NOT NULL, measure {text} NOT NULL, amount {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_succession(
  fact {text} NOT NULL PRIMARY KEY, event {text} NOT NULL, event_date {text} NOT NULL, legal_ref {text} NOT NULL,
  from_unit {text} NOT NULL, to_unit {text} NOT NULL, kind {text} NOT NULL, share_pop {text}, share_area {text},   -- exact decimals; null = not published
  valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_facility_fact(             -- open, name, status, tier, commune, beds-planned, beds-real, service:CODE, predecessor:CODE …
  fact {text} NOT NULL PRIMARY KEY, facility {text} NOT NULL, aspect {text} NOT NULL, value {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_practitioner_fact(         -- name, born, sex, licence:NUMBER, licence-state:NUMBER, post:FACILITY
  fact {text} NOT NULL PRIMARY KEY, practitioner {text} NOT NULL, aspect {text} NOT NULL, value {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};
CREATE TABLE reg_catalogue_fact(            -- entries of imported lists, by catalogue; the shipped lists are part of the program
  fact {text} NOT NULL PRIMARY KEY, code {text} NOT NULL, catalogue {text} NOT NULL, entry {text} NOT NULL,
  valid_from {text} NOT NULL, valid_to {text} NOT NULL, known_from {bigint} NOT NULL, known_to {bigint} NOT NULL, opened_by {bigint} NOT NULL, closed_by {bigint}) {strict};

CREATE TABLE reg_import(
  id {text} NOT NULL PRIMARY KEY,
  at_us {bigint} NOT NULL,
  who {text} NOT NULL,
  kind {text} NOT NULL,                  -- facilities | practitioners | shapes | icd10 | services | drugs | tests | insurance-objects
  file_name {text} NOT NULL,
  sha {text} NOT NULL,                   -- SHA-256 of the bytes, lower-case hex
  valid_from {text} NOT NULL,            -- day since when the file holds, unless a row says otherwise
  bytes {bytes} NOT NULL,
  change {bigint}                        -- the change that applied it; null = previewed only
) {strict};
