-- What is wrong with one node, apart from its children's own problems, and when the walk through the graph finds it: 0 on reaching the
-- node, 1 on finding it from its parent, 2 after finding its children, 3 after the walk.
CREATE FUNCTION df._node_problem(p_depth integer, p_type text, p_query text, p_name text, p_children text[], p_extras integer,
                                 p_defect text, OUT phase integer, OUT problem text)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_nested   text := CASE WHEN p_type IN ('IF', 'LOOP') THEN 'condition_node'
                            WHEN p_type IN ('JOIN', 'RACE', 'TRY') THEN 'extra_nodes' END;
    v_config   jsonb;
    v_no_json  text;
BEGIN
    IF p_query IS NOT NULL AND p_type <> 'SQL' AND NOT (p_type = 'SLEEP' AND p_query !~ '^\s*\{') THEN
        BEGIN
            v_config := p_query::jsonb;
        EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
            v_no_json := SQLERRM;
        END;
    END IF;

    phase := 1;
    problem := p_defect;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;

    phase := 0;
    problem := CASE
        WHEN p_depth > df._graph_limit('max_depth')
            THEN format('Graph exceeds maximum nesting depth of %s. Simplify the workflow or break it into multiple instances.',
                        df._graph_limit('max_depth'))
        WHEN p_type <> ALL (df._node_types())
            THEN format('Unknown node_type ''%s''. Valid types: %s', p_type, array_to_string(df._node_types(), ', '))
        WHEN 'condition_node' = ANY (p_children) AND v_nested IS DISTINCT FROM 'condition_node'
            THEN format('condition_node is not valid for %s nodes', p_type)
        WHEN 'extra_nodes' = ANY (p_children) AND v_nested IS DISTINCT FROM 'extra_nodes'
            THEN format('extra_nodes is not valid for %s nodes', p_type)
        WHEN jsonb_typeof(v_config) = 'object' AND v_config ? v_nested
            THEN format('%s in %s must be a first-class Durofut field, not embedded in query', v_nested, p_type)
    END;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;

    phase := 2;
    problem := CASE
        WHEN p_query IS NULL OR NOT p_children && ARRAY['condition_node', 'extra_nodes'] THEN NULL
        WHEN v_no_json IS NOT NULL THEN format('query in %s must be valid JSON config: %s', p_type, v_no_json)
        WHEN jsonb_typeof(v_config) <> 'object' THEN format('query in %s must be a JSON config object', p_type)
    END;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;

    phase := 3;
    problem := COALESCE(
        df._shape_problem(p_type, p_query, p_children, p_extras),
        CASE
            WHEN v_no_json IS NOT NULL THEN format('query in %s must be valid JSON config: %s', p_type, v_no_json)
            WHEN p_type = 'SLEEP' AND v_config IS NULL AND NOT CASE WHEN p_query ~ '^\d{1,11}(\.\d{1,3})?$'
                                               THEN p_query::numeric <= df._graph_limit('max_sleep_seconds')
                                               ELSE false END
                THEN format('query in SLEEP must be a number of seconds from 0 to %s', df._graph_limit('max_sleep_seconds'))
            WHEN jsonb_typeof(v_config) <> 'object' THEN format('query in %s must be a JSON config object', p_type)
            WHEN v_config IS NOT NULL THEN df._config_problem(p_type, v_config)
        END,
        CASE
            WHEN p_name !~ '^[A-Za-z_][A-Za-z0-9_]*$'
                THEN format('result name ''%s'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*', p_name)
            WHEN p_name = 'input' THEN 'result name ''input'' is taken: $input is the input given to df.start'
        END);
END
$function$;
COMMENT ON FUNCTION df._node_problem(integer, text, text, text, text[], integer, text) IS
    'Internal: what keeps one node of a graph from running.';
