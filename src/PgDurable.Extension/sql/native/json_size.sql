-- The server knows the size of a value without reading it; for json no function of SQL says so.
CREATE FUNCTION df._json_size(p_value json) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS 'textoctetlen';
COMMENT ON FUNCTION df._json_size(json) IS 'Internal: the length of a value in bytes, uncompressed.';
