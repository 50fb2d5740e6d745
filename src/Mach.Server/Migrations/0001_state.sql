-- What the hub remembers about itself, by name: how far the demonstration province is loaded, for one.
CREATE TABLE srv_state(
  name {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
) {strict};
