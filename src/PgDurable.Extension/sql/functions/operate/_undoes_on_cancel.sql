CREATE FUNCTION df._undoes_on_cancel(p_instance bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM df.queue q
          JOIN df.submissions s ON s.instance_no = q.instance_no
          JOIN df.graphs g ON g.graph_id = s.graph_id
         WHERE q.instance_no = p_instance AND q.started_at IS NOT NULL AND df._is_undone_on_cancel(g.graph))
$function$;
COMMENT ON FUNCTION df._undoes_on_cancel(bigint) IS
    'Internal: whether an instance has begun a graph of df.undo_on_cancel, and so has steps to undo when it is cancelled.';
