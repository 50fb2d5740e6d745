-- Records that are linked as one person: their Patients refer to each other by Patient.link, directly or over others. Made of the index rows of
-- those references in the transaction of the write, for every statement that asks whose record a head belongs to.
-- pk: number of the Patient; grp: the lowest number among the Patients of the person. Who is linked to nobody has no row.
CREATE TABLE person(
  pk {bigint} PRIMARY KEY,
  grp {bigint} NOT NULL) {strict};
CREATE INDEX person_grp ON person(grp, pk);
