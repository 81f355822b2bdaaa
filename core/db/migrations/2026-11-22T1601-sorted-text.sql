-- Text as people look for it in a list: without case and without the accents of Latin, Greek and Cyrillic letters. Sorted
-- by code point (COLLATE "C") it stands in one order on every server, which an index may keep.
CREATE FUNCTION kernel.sorted(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(translate(normalize(word, NFD), U&'\0300\0301\0302\0303\0304\0306\0307\0308\030A\030B\030C\0327\0328', ''))
$$;
