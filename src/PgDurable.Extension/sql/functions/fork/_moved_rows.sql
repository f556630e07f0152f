-- What a loop carries over for undos names nodes by their number, so these must be the same.
CREATE FUNCTION df._moved_rows(p_instance bigint, p_before integer, p_old df._step[], p_new df._step[], p_counterparts integer[])
RETURNS SETOF df.checkpoints
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_row  df.checkpoints;
    v_node df._step;
    v_path text;
BEGIN
    FOR v_row IN
        SELECT * FROM df.checkpoints c WHERE c.instance_no = p_instance AND (p_before IS NULL OR c.seq < p_before) ORDER BY c.seq
    LOOP
        v_node := p_old[v_row.node + 1];
        v_path := df._moved_path(v_row.path, p_counterparts);
        IF p_counterparts[v_row.node + 1] IS NULL OR v_path IS NULL THEN
            RAISE EXCEPTION 'step % has run, and the other graph has nothing in its place', df._called(v_node) USING ERRCODE = 'DF024';
        ELSIF v_node.node_type = 'LOOP' AND v_row.error IS NULL AND v_row.result::text !~ '"undos":\[\]\}$'
            AND (v_path <> v_row.path OR NOT (
                    SELECT bool_and((n.node_type, n.query, n.result_name, n.children) IS NOT DISTINCT FROM
                                    (o.node_type, o.query, o.result_name, o.children))
                      FROM unnest(p_old[v_node.node + 1 : v_node.last + 1]) o LEFT JOIN unnest(p_new) n ON n.node = o.node
                     WHERE EXISTS (SELECT FROM unnest(p_old[v_node.node + 1 : v_node.last + 1]) u
                                    WHERE u.node_type = 'UNDO' AND o.node IN (u.node, u.children[2]))))
        THEN
            RAISE EXCEPTION 'loop % has steps to undo, whose place in the other graph is not the same', df._called(v_node)
                USING ERRCODE = 'DF024';
        END IF;
        v_row.node := p_counterparts[v_row.node + 1];
        v_row.path := v_path;
        RETURN NEXT v_row;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._moved_rows(bigint, integer, df._step[], df._step[], integer[]) IS
    'Internal: what an instance has recorded before its input p_before, or all of it, in the numbers of another graph.';
