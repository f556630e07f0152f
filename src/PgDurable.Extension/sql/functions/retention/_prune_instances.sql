-- In the order of the primary key, without an index on completed_at, which every end of an instance would pay for. Of a limit of 10,000,
-- beyond the newest lies whatever ended before all of the 10,000 that were submitted last: never an instance that was among the last to
-- end. If there are not that many, none ended before all of them.
CREATE FUNCTION df._prune_instances(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_sort = off
AS $function$
DECLARE
    v_days   integer := COALESCE(current_setting('pg_durable.retention_days', true), '30')::integer;
    v_newest integer := COALESCE(current_setting('pg_durable.retention_instances', true), '10000')::integer;
    v_before timestamptz := clock_timestamp() - make_interval(days => v_days);
    v_old    tid[];
    v_gone   bigint[];
BEGIN
    IF v_newest > 0 THEN
        v_before := GREATEST(v_before, (
            SELECT min(n.completed_at) FROM (SELECT o.completed_at FROM df.outcomes o ORDER BY o.instance_no DESC LIMIT v_newest) n));
    END IF;

    -- Not the children whose result a live parent may still ask for. By scalar subqueries, so that they are looked up by key whatever the
    -- planner believes.
    SELECT array_agg(d.address), array_agg(d.instance_no) INTO v_old, v_gone
      FROM (SELECT o.ctid AS address, o.instance_no
              FROM df.outcomes o
             WHERE o.completed_at < v_before
               AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no =
                       (SELECT CASE WHEN s.parent_node IS NOT NULL THEN s.parent_no END
                          FROM df.submissions s WHERE s.instance_no = o.instance_no)) IS NULL
             ORDER BY o.instance_no
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) d;
    DELETE FROM df.outcomes x WHERE x.ctid = ANY (v_old);
    PERFORM df._remove_history(v_gone);
    RETURN COALESCE(cardinality(v_gone), 0);
END
$function$;
COMMENT ON FUNCTION df._prune_instances(integer) IS 'Internal: removes a batch of finished instances that retention does not keep.';
