-- People are listed by name, and looked up by how it begins.
CREATE INDEX registrants_by_name ON registry.registrants ((kernel.sorted(name)) COLLATE "C", id);
