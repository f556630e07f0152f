CREATE FUNCTION df.as(fut text, name text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF name = '' THEN
        RAISE EXCEPTION 'df.as: result name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF name !~ '^[a-zA-Z_][a-zA-Z0-9_]*$' THEN
        RAISE EXCEPTION 'df.as: result name ''%'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*', name
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- The keys in their one order, children byte for byte, an earlier name replaced.
    RETURN (SELECT '{' || string_agg(to_json(e.key)::text || ':' || e.value::text, ',' ORDER BY e.place) || '}'
              FROM (SELECT k.key, k.value, array_position(ARRAY['node_type', 'left_node', 'right_node', 'condition_node', 'extra_nodes', 'query'],
                                                          k.key) AS place
                      FROM json_each(df._as_node(fut)::json) k
                    UNION ALL
                    SELECT 'result_name', to_json(name), 7) e
             WHERE e.place IS NOT NULL AND json_typeof(e.value) <> 'null');
END
$function$;
COMMENT ON FUNCTION df.as(text, text) IS 'Names the result of a node; later steps read it as $name, $name.column, $name.*. Operator: fut |=> name.';
