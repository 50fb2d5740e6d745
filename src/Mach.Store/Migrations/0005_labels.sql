-- Labels of a head (Mach.Kernel.DataLabels), so that what is delicate is left out by the statement that finds it. Filled by the indexing that follows.
ALTER TABLE res ADD COLUMN lab {int} NOT NULL DEFAULT 0;
-- Visits by person and facility: whether a facility has cared for somebody. 44 is Encounter.
CREATE INDEX res_care ON res(pk, org, dt) WHERE type=44;
-- The few persons about whom everything is confidential. 103 is Patient.
CREATE INDEX res_confidential ON res(pk) WHERE type=103 AND lab>=32;
