CREATE FUNCTION df._chain(p_tree df._step[], p_node integer) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_stack integer[] := ARRAY[p_node];
    v_node  df._step;
    v_chain integer[] := '{}';
BEGIN
    WHILE v_stack <> '{}' LOOP
        v_node := p_tree[v_stack[1] + 1];
        v_stack := v_stack[2:];
        IF v_node.node_type = 'THEN' AND v_node.result_name IS NULL THEN
            v_stack := v_node.children || v_stack;
        ELSE
            v_chain := array_append(v_chain, v_node.node);
        END IF;
    END LOOP;
    RETURN v_chain;
END
$function$;
COMMENT ON FUNCTION df._chain(df._step[], integer) IS 'Internal: the steps of a sequence, in order; the node itself if it is none.';
