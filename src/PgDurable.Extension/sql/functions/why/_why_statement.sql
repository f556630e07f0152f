-- A session does not say which instance it serves. Its statement does, for those who may read that (superusers, pg_read_all_stats): it is
-- the step's text with values in place of references.
CREATE FUNCTION df._why_statement(p_sql text, p_database text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    WITH step AS (
        SELECT replace(replace(replace(replace(
                   regexp_replace(left(p_sql, 200), '\$[[:alpha:]_]\w*(\.(\w+|\*))*\??|\{\w+\}', chr(1), 'g'),
                   '\', '\\'), '%', '\%'), '_', '\_'), chr(1), '%') || '%' AS pattern
    ), session AS (
        SELECT a.pid, a.wait_event_type, a.wait_event, pg_blocking_pids(a.pid) AS blockers
          FROM step, pg_stat_activity a
         WHERE a.application_name LIKE 'pg\_durable:worker:%' AND a.state <> 'idle' AND a.pid <> pg_backend_pid()
           AND a.datname = COALESCE(p_database, current_database()) AND a.query LIKE step.pattern
    )
    SELECT CASE WHEN s.sessions > 1 THEN format('in one of %s sessions that run this text%s', s.sessions,
                                                CASE WHEN s.blocked > 0 THEN format('; %s of them are blocked', s.blocked) ELSE '' END)
                ELSE (SELECT format('in process %s', o.pid)
                             || CASE WHEN o.blockers <> '{}' THEN ', blocked by ' || df._why_blocked(o.blockers)
                                     WHEN o.wait_event_type IS NOT NULL AND o.wait_event_type NOT IN ('Client', 'Activity')
                                         THEN format(', which waits for %s: %s', o.wait_event_type, o.wait_event) ELSE '' END
                        FROM session o) END
      FROM (SELECT count(*) AS sessions, count(*) FILTER (WHERE blockers <> '{}') AS blocked FROM session) s
     WHERE s.sessions > 0
$function$;
COMMENT ON FUNCTION df._why_statement(text, text) IS
    'Internal: which session runs a step, and who blocks it, as far as the caller may see.';
