-- A file is known by its content (SHA-256, hexadecimal), however often it is uploaded.
ALTER TABLE imports.imports ADD file_sha256 text;
CREATE INDEX imports_by_file ON imports.imports (file_sha256);

-- The identifier that was added to a person who was known without it: for undoing.
ALTER TABLE imports.updated_people ADD identifier_type text, ADD identifier text;
