-- Reports the first problem that a walk through the graph meets, and where it is.
CREATE FUNCTION df._validate(p_graph text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_path    text;
    v_problem text;
BEGIN
    -- The condition only saves plain SQL and THEN nodes, which most graphs consist of, a call that would find nothing.
    SELECT f.path, p.problem INTO v_path, v_problem
      FROM df._flatten(p_graph) f
     CROSS JOIN LATERAL df._node_problem(f.depth, f.node_type, f.query, f.result_name, f.children, f.extras, f.defect) p
     WHERE NOT (f.defect IS NULL AND f.depth <= 256
                AND (f.node_type = 'SQL' AND f.query IS NOT NULL AND f.children = '{}'
                     OR f.node_type = 'THEN' AND f.query IS NULL AND f.children = '{left_node,right_node}')
                AND (f.result_name IS NULL OR f.result_name ~ '^[A-Za-z_][A-Za-z0-9_]*$' AND f.result_name <> 'input'))
       AND p.problem IS NOT NULL
     ORDER BY p.phase = 3, CASE p.phase WHEN 1 THEN f.parent ELSE f.node END, p.phase, f.node
     LIMIT 1;
    IF NOT FOUND AND p_graph ~ 'result_has_rows|"FOREACH"' THEN
        SELECT u.path, u.problem INTO v_path, v_problem FROM df._unbound_names(p_graph) u ORDER BY u.node LIMIT 1;
    END IF;
    -- Most graphs bind every name that they use, which shows without looking at their nodes.
    IF v_problem IS NULL AND EXISTS (
        SELECT m.found[1] FROM regexp_matches(p_graph, '\$([A-Za-z_][A-Za-z0-9_]*)', 'g') m (found)
        EXCEPT SELECT m.found[1] FROM regexp_matches(p_graph, '(?:result_name|item_name)\\*"\s*:\s*\\*"(\w+)', 'g') m (found)
        EXCEPT VALUES ('input'), ('sys_label'), ('sys_instance_id'), ('sys_started_at'))
    THEN
        SELECT u.path, u.problem INTO v_path, v_problem FROM df._unbound_references(p_graph) u ORDER BY u.node LIMIT 1;
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'Invalid durable function graph: %: %', v_path, v_problem USING ERRCODE = 'DF003';
    END IF;
END
$function$;
COMMENT ON FUNCTION df._validate(text) IS 'Internal: raises an error for a graph that cannot run.';
