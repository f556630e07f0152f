-- In UTC, which every zone can read: the offset of an unusual zone has seconds, which to_char would drop.
CREATE FUNCTION df._cursor(p_created_at timestamptz, p_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT encode(convert_to('v1|' || to_char(p_created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00|' || p_id, 'UTF8'),
                  'hex')
$function$;
COMMENT ON FUNCTION df._cursor(timestamptz, text) IS 'Internal: a position in the order of df.list_instances, as a cursor.';
