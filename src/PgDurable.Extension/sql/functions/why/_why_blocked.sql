CREATE FUNCTION df._why_blocked(p_pids integer[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT string_agg(
        CASE WHEN p.pid = 0 THEN 'a prepared transaction'
             ELSE format('process %s', p.pid)
                 || COALESCE(format(' (role %s%s%s: %s)', a.usename, COALESCE(', ' || NULLIF(df._one_line(a.application_name, 60), ''), ''),
                                    COALESCE(', ' || a.state || ' since ' || df._span(clock_timestamp() - a.state_change), ''),
                                    df._one_line(a.query, 100)), '') END, ', ' ORDER BY p.pid)
      FROM (SELECT DISTINCT u FROM unnest(p_pids) u) p (pid) LEFT JOIN pg_stat_activity a ON a.pid = p.pid
$function$;
COMMENT ON FUNCTION df._why_blocked(integer[]) IS 'Internal: processes for people, as far as the caller may see.';
