-- Checks the shape of one envelope, not of its children.
CREATE FUNCTION df._node_defect(p_node jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN jsonb_typeof(p_node) <> 'object' THEN 'a node must be a JSON object'
        WHEN jsonb_typeof(p_node -> 'node_type') IS DISTINCT FROM 'string' THEN 'missing field node_type'
        WHEN COALESCE(jsonb_typeof(p_node -> 'left_node'), 'null') NOT IN ('object', 'null')
            OR COALESCE(jsonb_typeof(p_node -> 'right_node'), 'null') NOT IN ('object', 'null') THEN 'Durofut children must be JSON objects'
        WHEN COALESCE(jsonb_typeof(p_node -> 'condition_node'), 'null') NOT IN ('object', 'null')
            THEN 'condition_node must be a Durofut JSON object'
        WHEN COALESCE(jsonb_typeof(p_node -> 'extra_nodes'), 'null') NOT IN ('array', 'null')
            OR (jsonb_typeof(p_node -> 'extra_nodes') = 'array'
                AND p_node -> 'extra_nodes' @? 'strict $[*] ? (@.type() != "object")')
            THEN 'extra_nodes entries must be Durofut JSON objects'
        WHEN COALESCE(jsonb_typeof(p_node -> 'query'), 'null') NOT IN ('string', 'null') THEN 'query must be a string'
        WHEN COALESCE(jsonb_typeof(p_node -> 'result_name'), 'null') NOT IN ('string', 'null') THEN 'result_name must be a string'
    END;
END
$function$;
COMMENT ON FUNCTION df._node_defect(jsonb) IS 'Internal: what is wrong with the shape of an envelope, or NULL.';
