CREATE FUNCTION df.search(query text, page_size integer DEFAULT 50, after text DEFAULT NULL)
RETURNS TABLE (id text, label text, workflow text, workflow_version integer, status text, created_at timestamptz, started_at timestamptz,
               ended_at timestamptz, error text, tags jsonb, submitted_by regrole, next_cursor text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
DECLARE
    v_search df._search := df._search_query(query);
    v_after  record;
    v_page   bigint[];
    v_next   text;
BEGIN
    IF page_size NOT BETWEEN 1 AND 1000 OR page_size IS NULL THEN
        RAISE EXCEPTION 'df.search: page_size must be between 1 and 1000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    BEGIN
        SELECT c.created_at, c.id INTO v_after FROM df._cursor_place(after) c;
    EXCEPTION WHEN invalid_parameter_value THEN
        RAISE EXCEPTION 'df.search: invalid cursor' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Pass next_cursor of the page before, as it is.';
    END;
    -- One more than requested shows whether there is another page.
    v_page := df._found(v_search, page_size + 1, v_after.created_at, v_after.id);
    IF cardinality(v_page) > page_size THEN
        v_page := v_page[:page_size];
        SELECT df._cursor(s.created_at, s.id) INTO v_next FROM df.submissions s WHERE s.instance_no = v_page[page_size];
    END IF;
    RETURN QUERY
    SELECT s.id::text, s.label, s.workflow, s.workflow_version,
           COALESCE(o.status, CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END),
           s.created_at, COALESCE(o.started_at, q.started_at), o.completed_at, df._message(o.error),
           COALESCE((SELECT jsonb_object_agg(t.key, t.value) FROM df.tags t WHERE t.instance_no = s.instance_no), '{}'),
           s.submitted_by, v_next
      FROM unnest(v_page) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
     ORDER BY l.place;
END
$function$;
COMMENT ON FUNCTION df.search(text, integer, text) IS
    'Your instances that match a query, newest first: workflow:name status:failed label:"two words" since:1h until:2026-01-31 '
    'error:23505 step:name id:a1b2c3d4, and key:value for a tag. All terms must match; of terms with the same word, any. - in front of a '
    'term excludes. For the next page, pass next_cursor as after; it is NULL on the last page.';
