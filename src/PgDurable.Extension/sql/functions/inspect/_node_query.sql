CREATE FUNCTION df._node_query(p_type text, p_query text, p_children integer[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_more text := CASE
        WHEN p_type = 'IF' THEN '"condition_node":"' || df._node_id(p_children[3]) || '"'
        WHEN p_type = 'LOOP' THEN '"condition_node":"' || df._node_id(p_children[2]) || '"'
        WHEN p_type IN ('JOIN', 'RACE', 'TRY') AND cardinality(p_children) > 2
            THEN '"extra_nodes":[' || (SELECT string_agg('"' || df._node_id(c) || '"', ',' ORDER BY c) FROM unnest(p_children[3:]) c) || ']'
    END;
BEGIN
    RETURN CASE
        WHEN v_more IS NULL THEN p_query
        WHEN p_query ~ '^\s*\{.*[^{\s].*\}\s*$' THEN rtrim(rtrim(p_query, E' \t\r\n'), '}') || ',' || v_more || '}'
        ELSE '{' || v_more || '}'
    END;
END
$function$;
COMMENT ON FUNCTION df._node_query(text, text, integer[]) IS
    'Internal: the query of a node as df.nodes shows it, with the ids of its condition and of the children after the second.';
