-- Notes that are being written; nobody but the author reads them. A signed one is a Composition of the same id in the record; the row stays, for its corrections.
CREATE TABLE car_draft(
  id {text} NOT NULL PRIMARY KEY,         -- id of the Composition that it becomes
  author {text} NOT NULL,                 -- account
  patient {text} NOT NULL,                -- Patient id
  encounter {text},                       -- Encounter id
  template {text} NOT NULL,               -- key in note-templates.tsv
  state {text} NOT NULL,                  -- draft | signing | signed | dropped
  revision {bigint} NOT NULL,             -- newest row of car_draft_text
  version {bigint} NOT NULL,              -- version of the Composition that it stands on; 0 = not signed yet
  made_us {bigint} NOT NULL,              -- microseconds UTC
  changed_us {bigint} NOT NULL,
  local_key {bytes} NOT NULL              -- sealed: the key under which the author's browser keeps what is not saved yet
) {strict};
CREATE INDEX car_draft_author ON car_draft(author, state, changed_us);

-- Every saved state of a draft, so that two tabs or devices that began from an older one can be brought together.
CREATE TABLE car_draft_text(
  draft {text} NOT NULL,
  revision {bigint} NOT NULL,
  tab {text} NOT NULL,                    -- the open page that sent it; empty where no script ran
  number {bigint} NOT NULL,               -- of that page's savings: a late one is older than what came before it
  body {bytes} NOT NULL,                  -- sealed: the sections as they stand, JSON
  sent {bytes},                           -- sealed: the sections as that page sent them; null = the same
  at_us {bigint} NOT NULL,
  PRIMARY KEY(draft, revision)
) {strict};
CREATE INDEX car_draft_text_tab ON car_draft_text(draft, tab, revision);

-- Phrases of one's own: ".name" becomes a text while one writes.
CREATE TABLE car_phrase(
  account {text} NOT NULL,
  number {bigint} NOT NULL,
  name {text} NOT NULL,
  body {bytes} NOT NULL,                  -- sealed: the text
  changed_us {bigint} NOT NULL,
  PRIMARY KEY(account, number)
) {strict};
CREATE UNIQUE INDEX car_phrase_name ON car_phrase(account, name);
