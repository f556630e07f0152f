CREATE FUNCTION df._has_news(p_instance bigint, p_waits json) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM json_to_recordset(CASE json_typeof(p_waits) WHEN 'array' THEN p_waits END) AS w (kind text, name text, node integer, path text)
         WHERE CASE w.kind
               WHEN 'SIGNAL' THEN EXISTS (SELECT FROM df.signals s WHERE s.instance_no = p_instance AND s.name = w.name)
                    -- A paused instance does not take signals.
                    AND NOT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = p_instance)
               WHEN 'PAUSED' THEN NOT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = p_instance)
               WHEN 'CALL' THEN EXISTS (
                    SELECT FROM df.submissions s JOIN df.outcomes o ON o.instance_no = s.instance_no
                     WHERE s.parent_no = p_instance AND s.parent_node = w.node AND s.parent_path = w.path)
                    AND NOT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = p_instance)
               ELSE false END)
$function$;
COMMENT ON FUNCTION df._has_news(bigint, json) IS 'Internal: whether something that an instance waits for has happened already.';
