-- Taken away before they are written again: one may get the number that another has.
CREATE FUNCTION df._move_records(p_instance bigint, p_old text, p_new text, p_counterparts integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_rows     df.checkpoints[] := ARRAY(
        SELECT r FROM df._moved_rows(p_instance, NULL, df._tree(p_old), df._tree(p_new), p_counterparts) r);
    v_deaths   df.deaths[] := ARRAY(SELECT d FROM df.deaths d WHERE d.instance_no = p_instance AND d.node >= 0);
    v_children df.submissions[] := ARRAY(SELECT s FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL);
BEGIN
    DELETE FROM df.checkpoints c WHERE c.instance_no = p_instance;
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns, error)
    SELECT c.instance_no, c.started_at, c.finished_at, c.node, c.attempt, c.worker_id, c.seq, c.path, c.result, c.columns, c.error
      FROM unnest(v_rows) c;
    -- A step that brought its session down is counted on.
    DELETE FROM df.deaths d WHERE d.instance_no = p_instance AND d.node >= 0;
    INSERT INTO df.deaths (instance_no, node, path, deaths)
    SELECT d.instance_no, COALESCE(p_counterparts[d.node + 1], d.node), COALESCE(df._moved_path(d.path, p_counterparts), d.path), d.deaths
      FROM unnest(v_deaths) d
    ON CONFLICT (instance_no, node, path) DO UPDATE SET deaths = GREATEST(df.deaths.deaths, excluded.deaths);
    UPDATE df.submissions s SET parent_node = NULL WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL;
    UPDATE df.submissions s SET parent_node = p_counterparts[c.parent_node + 1], parent_path = df._moved_path(c.parent_path, p_counterparts)
      FROM unnest(v_children) c WHERE s.instance_no = c.instance_no;
END
$function$;
COMMENT ON FUNCTION df._move_records(bigint, text, text, integer[]) IS
    'Internal: gives what an instance has recorded the numbers of another graph.';
