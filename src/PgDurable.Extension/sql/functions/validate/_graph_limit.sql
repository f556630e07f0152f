-- The limits of graphs. Limits.cs has the same numbers under the same names, and a test compares the two.
CREATE FUNCTION df._graph_limit(p_name text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE p_name
        WHEN 'max_nodes' THEN 10000
        WHEN 'max_depth' THEN 256
        WHEN 'max_sleep_seconds' THEN 31536000000
        WHEN 'max_delay_seconds' THEN 31536000
        WHEN 'max_timeout_seconds' THEN 31536000
        WHEN 'max_wait_seconds' THEN 2147483647
        WHEN 'max_attempts' THEN 1000
        WHEN 'max_backoff' THEN 100
        WHEN 'max_interval_ms' THEN 86400000
        WHEN 'max_parallel' THEN 1000
        WHEN 'max_version' THEN 2147483647
        WHEN 'max_activity_name' THEN 200
        WHEN 'max_body_bytes' THEN 9007199254740991
    END
$function$;
COMMENT ON FUNCTION df._graph_limit(text) IS 'Internal: a limit of graphs, by its name.';
