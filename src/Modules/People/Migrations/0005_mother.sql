-- The mother's name as RelatedPersons of this Patient say it; empty when none does. It counts where the Patient itself names no mother.
ALTER TABLE ppl_profile ADD COLUMN mother {text} NOT NULL DEFAULT '';
