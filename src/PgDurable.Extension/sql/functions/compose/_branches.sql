CREATE FUNCTION df._branches(p_type text, p_nodes text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_nodes text[] := ARRAY(SELECT df._as_node(n.node) FROM unnest(p_nodes) WITH ORDINALITY n (node, place) ORDER BY n.place);
BEGIN
    IF cardinality(v_nodes) < 2 THEN
        RAISE EXCEPTION 'df.% needs at least two branches', lower(p_type) USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"' || p_type || '","left_node":' || v_nodes[1] || ',"right_node":' || v_nodes[2]
        || CASE WHEN cardinality(v_nodes) > 2 THEN ',"extra_nodes":[' || array_to_string(v_nodes[3:], ',') || ']' ELSE '' END || '}';
END
$function$;
COMMENT ON FUNCTION df._branches(text, text[]) IS 'Internal: the envelope of a node with two or more branches.';
