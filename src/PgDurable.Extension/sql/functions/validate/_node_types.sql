CREATE FUNCTION df._node_types() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY['SQL', 'THEN', 'IF', 'JOIN', 'LOOP', 'BREAK', 'RACE', 'SLEEP', 'WAIT_SCHEDULE', 'HTTP', 'HTTP_MULTIPART', 'SIGNAL',
                 'RETRY', 'TIMEOUT', 'TRY', 'FAIL', 'UNDO', 'FOREACH', 'CALL', 'HTTP_JSON', 'ACTIVITY']
$function$;
COMMENT ON FUNCTION df._node_types() IS 'Internal: the node types of the language, in the order in which messages list them.';
