-- Health facilities as the registry knows them now; their history is the versions of the Organization resource.
CREATE TABLE reg_facility(
  code {text} NOT NULL PRIMARY KEY,      -- facility code of QĐ 384/2019, 5 characters
  name {text} NOT NULL,
  status {text} NOT NULL,                -- active | provisional
  tier {text},                           -- specialised | basic | initial (Luật KCB 15/2023)
  former_province {text},                -- province before July 2025
  commune_code {text},
  updated_us {bigint} NOT NULL,          -- microseconds UTC
  updated_by {text} NOT NULL
) {strict};
