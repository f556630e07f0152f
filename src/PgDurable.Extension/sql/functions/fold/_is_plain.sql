-- In a database where each instance has a graph of its own, there are as many graphs as instances, most of them of one step. These are
-- known by their text, as composers write it.
CREATE FUNCTION df._is_plain(p_graph text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN p_graph ~ '^\{"node_type":"SQL","query":"([^"\\]|\\["\\/bfnrt])*"(,"result_name":"\w+")?\}$'
        OR EXISTS (SELECT FROM df._plain_nodes(p_graph));
END
$function$;
COMMENT ON FUNCTION df._is_plain(text) IS 'Internal: whether df._plain_nodes has the nodes of a graph.';
