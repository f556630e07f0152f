-- Raises for a graph that can't run: the first defect in pre-order, and where it is.
CREATE FUNCTION df._validate(p_graph text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  record;
    v_error text;
BEGIN
    FOR v_node IN SELECT * FROM df._flatten(p_graph) f ORDER BY f.node LOOP
        v_error := CASE
            WHEN v_node.depth > 256
                THEN 'Graph exceeds maximum nesting depth of 256. Simplify the workflow or break it into multiple instances.'
            WHEN v_node.node >= 10000
                THEN 'Workflow exceeds maximum node count of 10000. Simplify the workflow or break it into multiple instances.'
            WHEN v_node.defect IS NOT NULL THEN 'failed to deserialize Durofut child: ' || v_node.defect
            WHEN v_node.node_type <> ALL (df._node_types())
                THEN format('Unknown node_type ''%s''. Valid types: %s', v_node.node_type, array_to_string(df._node_types(), ', '))
            WHEN 'condition_node' = ANY (v_node.children) AND v_node.node_type NOT IN ('IF', 'LOOP')
                THEN format('condition_node is not valid for %s nodes', v_node.node_type)
            WHEN 'extra_nodes' = ANY (v_node.children) AND v_node.node_type <> 'JOIN'
                THEN format('extra_nodes is not valid for %s nodes', v_node.node_type)
            WHEN v_node.node_type NOT IN ('SQL', 'THEN')
                THEN format('%s nodes are not available in this version of pg_durable, which runs SQL and THEN nodes', v_node.node_type)
            WHEN v_node.node_type = 'SQL' AND v_node.query IS NULL THEN 'SQL nodes need a query'
            WHEN v_node.node_type = 'SQL' AND cardinality(v_node.children) > 0 THEN 'SQL nodes have no children'
            WHEN v_node.node_type = 'THEN' AND v_node.children <> ARRAY['left_node', 'right_node']
                THEN 'THEN nodes need a left_node and a right_node'
            WHEN v_node.node_type = 'THEN' AND v_node.query IS NOT NULL THEN 'THEN nodes have no query'
            WHEN v_node.result_name IS NOT NULL AND v_node.result_name !~ '^[A-Za-z_][A-Za-z0-9_]*$'
                THEN format('result name ''%s'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*', v_node.result_name)
            WHEN v_node.result_name = 'input' THEN 'result name ''input'' is taken: $input is the input given to df.start'
        END;
        IF v_error IS NOT NULL THEN
            RAISE EXCEPTION 'Invalid durable function graph: %: %', v_node.path, v_error USING ERRCODE = 'DF003';
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._validate(text) IS 'Internal: raises for a graph that cannot run.';
