-- Whom a program that acts for itself works for, and why: what the decisions of people (Consent) are held against.

ALTER TABLE acc_client ADD COLUMN facility {text};          -- five characters (QD 384/2019); null = none
ALTER TABLE acc_client ADD COLUMN purpose {text};           -- code of v3-ActReason; null = machinery of the house, against which no decision is held
ALTER TABLE acc_client ADD COLUMN bound {bigint};           -- 1 = tokens only over a connection with a certificate, and bound to it; null = as its proof says
