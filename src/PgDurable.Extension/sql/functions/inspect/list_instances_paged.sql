CREATE FUNCTION df.list_instances(status_filter text, limit_count integer, label_filter text, after_cursor text DEFAULT NULL)
RETURNS TABLE (instance_id text, label text, function_name text, status text, execution_count bigint, output text, created_at timestamptz,
               completed_at timestamptz, next_cursor text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
DECLARE
    v_limit integer := df._list_limit(limit_count);
    v_after record;
    v_page  bigint[];
    v_next  text;
BEGIN
    SELECT c.created_at, c.id INTO v_after FROM df._cursor_place(after_cursor) c;
    -- One row more than requested shows whether there is another page.
    v_page := ARRAY(SELECT l FROM df._listed(lower(status_filter), v_limit + 1, label_filter, v_after.created_at, v_after.id) l);
    IF cardinality(v_page) > v_limit THEN
        v_page := v_page[:v_limit];
        SELECT df._cursor(s.created_at, s.id) INTO v_next FROM df.submissions s WHERE s.instance_no = v_page[v_limit];
    END IF;
    RETURN QUERY
    SELECT i.id::text, i.label, 'pg_durable::orchestration::execute-function-graph', i.status, i.execution_count,
           df._output(l.instance_no), i.created_at, i.completed_at, v_next
      FROM unnest(v_page) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      JOIN df.instances i ON i.id = s.id
     ORDER BY l.place;
END
$function$;
COMMENT ON FUNCTION df.list_instances(text, integer, text, text) IS
    'Your instances with one status and label, newest first, page by page: pass next_cursor as after_cursor. next_cursor is NULL on the '
    'last page.';
