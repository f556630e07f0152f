-- df.if_rows and df.foreach name a result. A name that no node of a valid graph binds is misspelt.
CREATE FUNCTION df._unbound_names(p_graph text) RETURNS TABLE (node integer, path text, problem text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    WITH nodes AS MATERIALIZED (
        SELECT f.node, f.path, f.result_name,
               CASE WHEN f.node_type = 'FOREACH' OR f.node_type = 'IF' AND f.query IS NOT NULL THEN f.query::jsonb END AS config,
               CASE f.node_type WHEN 'FOREACH' THEN 'df.foreach' ELSE 'df.if_rows' END AS composer,
               f.node_type = 'TRY' AS binds_error
          FROM df._flatten(p_graph) f
    ),
    bound AS MATERIALIZED (
        SELECT 'input' AS name
        UNION SELECT 'error' FROM nodes n WHERE n.binds_error
        UNION SELECT n.result_name FROM nodes n WHERE n.result_name IS NOT NULL
        UNION SELECT n.config ->> 'item_name' FROM nodes n WHERE n.config ? 'item_name'
    )
    SELECT n.node, n.path,
           format('%s: result ''%s'' not found: no node of the graph has this name. Names: %s', n.composer, u.name,
                  (SELECT string_agg(b.name, ', ' ORDER BY b.name COLLATE "C") FROM bound b))
      FROM nodes n
     CROSS JOIN LATERAL (SELECT COALESCE(n.config ->> 'rows', n.config ->> 'result_name') AS name) u
     WHERE n.config IS NOT NULL AND u.name NOT IN (SELECT b.name FROM bound b)
$function$;
COMMENT ON FUNCTION df._unbound_names(text) IS 'Internal: nodes that test or iterate a result that no node of the graph binds.';
