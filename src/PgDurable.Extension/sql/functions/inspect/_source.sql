-- Reads the text, which may contain what no JSON function can take apart. Quotes inside strings are escaped, so what looks like the key
-- is the key.
CREATE FUNCTION df._source(p_error json, p_sources text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT p_sources[('x' || substring(p_error::text FROM '"node" ?: ?"([0-9a-f]{8})"'))::bit(32)::integer + 1]
$function$;
COMMENT ON FUNCTION df._source(json, text[]) IS 'Internal: where the node that an error names was written; NULL if unknown.';
