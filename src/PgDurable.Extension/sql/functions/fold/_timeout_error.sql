CREATE FUNCTION df._timeout_error(p_query text) RETURNS json
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT json_build_object('message', format('step timed out after %s s', p_query::json ->> 'timeout_seconds'), 'sqlstate', 'DF005')
$function$;
COMMENT ON FUNCTION df._timeout_error(text) IS 'Internal: the error of a TIMEOUT that expired; its checkpoint only says that it did.';
