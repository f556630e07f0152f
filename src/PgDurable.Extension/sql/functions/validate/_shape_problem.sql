-- Which children a node needs and may have, and whether it needs a query.
CREATE FUNCTION df._shape_problem(p_type text, p_query text, p_children text[], p_extras integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_needs text[] := CASE
        WHEN p_type IN ('THEN', 'UNDO', 'IF', 'JOIN', 'RACE', 'TRY') THEN '{left_node,right_node}'
        WHEN p_type IN ('LOOP', 'RETRY', 'TIMEOUT', 'FOREACH') THEN '{left_node}'
        ELSE '{}'
    END;
BEGIN
    RETURN CASE
        WHEN cardinality(v_needs) = 0 AND cardinality(p_children) > 0 THEN format('%s nodes cannot have children', p_type)
        WHEN NOT p_children @> v_needs AND cardinality(v_needs) = 2 THEN format('%s nodes need a left_node and a right_node', p_type)
        WHEN NOT p_children @> v_needs THEN format('%s nodes need a left_node', p_type)
        WHEN cardinality(v_needs) = 1 AND 'right_node' = ANY (p_children) THEN format('%s nodes cannot have a right_node', p_type)
        WHEN p_type = 'TRY' AND p_extras > 1 THEN 'TRY nodes can have at most one extra node, which runs finally'
        WHEN p_query IS NOT NULL AND p_type IN ('THEN', 'UNDO', 'RACE', 'TRY') THEN format('%s nodes cannot have a query', p_type)
        WHEN p_type = 'IF' AND (p_query IS NULL) = ('condition_node' <> ALL (p_children))
            THEN 'IF nodes need either a condition_node or a query that names a result'
        WHEN p_query IS NULL AND p_type NOT IN ('THEN', 'UNDO', 'RACE', 'TRY', 'IF', 'JOIN', 'LOOP')
            THEN format('%s nodes need a query', p_type)
    END;
END
$function$;
COMMENT ON FUNCTION df._shape_problem(text, text, text[], integer) IS
    'Internal: whether a node has the children and the query that its type needs.';
