CREATE FUNCTION df._has_news(p_instance bigint, p_waits json) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM json_to_recordset(CASE json_typeof(p_waits) WHEN 'array' THEN p_waits END)
                 AS w (kind text, name text, node integer, path text)
         WHERE CASE w.kind
               WHEN 'PAUSED' THEN n.paused IS NULL
               WHEN 'SIGNAL' THEN n.paused IS NULL
                    AND (SELECT 1 FROM df.signals s
                          WHERE s.instance_no = p_instance AND hashtext(s.name) = hashtext(w.name) AND s.name = w.name LIMIT 1) IS NOT NULL
               WHEN 'CALL' THEN n.paused IS NULL
                    AND (SELECT 1 FROM df.submissions s JOIN df.outcomes o ON o.instance_no = s.instance_no
                          WHERE s.parent_no = p_instance AND s.parent_node = w.node AND s.parent_path = w.path) IS NOT NULL
               WHEN 'ACTIVITY' THEN n.paused IS NULL
                    AND (SELECT t.ended_at FROM df.task_queue t
                          WHERE t.instance_no = p_instance AND t.node = w.node AND t.path = w.path) IS NOT NULL
               ELSE false END)
      -- A paused instance takes nothing.
      FROM (SELECT (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = p_instance) AS paused) n
$function$;
COMMENT ON FUNCTION df._has_news(bigint, json) IS 'Internal: whether something that an instance waits for has already happened.';
