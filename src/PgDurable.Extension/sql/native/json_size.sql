-- The server knows the size of a value without reading it, but no SQL function returns it for json.
CREATE FUNCTION df._json_size(p_value json) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS 'textoctetlen';
COMMENT ON FUNCTION df._json_size(json) IS 'Internal: the length of a value in bytes, uncompressed.';
