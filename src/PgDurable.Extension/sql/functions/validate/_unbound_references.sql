-- A $name that is neither quoted nor in a comment is not SQL until it is replaced, so a name that no node of the graph binds is a
-- mistake. Checks only what these expressions can read with certainty: no backslash before a quote, no SQL that a variable inserts, no
-- block comment or dollar quote. For the rest, the server says what is wrong. BoundReferences of the SDK has the same expressions.
CREATE FUNCTION df._unbound_references(p_graph text) RETURNS TABLE (node integer, path text, problem text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    WITH nodes AS MATERIALIZED (
        SELECT f.node, f.path, f.node_type, f.query, f.result_name,
               CASE WHEN f.node_type = 'FOREACH' THEN f.query::jsonb ->> 'item_name' END AS item_name
          FROM df._flatten(p_graph) f
    ),
    bound AS MATERIALIZED (
        SELECT unnest(ARRAY['input', 'sys_instance_id', 'sys_label', 'sys_started_at']) AS name
        UNION SELECT 'error' FROM nodes n WHERE n.node_type = 'TRY'
        UNION SELECT n.result_name FROM nodes n WHERE n.result_name IS NOT NULL
        UNION SELECT n.item_name FROM nodes n WHERE n.item_name IS NOT NULL
    ),
    bare AS MATERIALIZED (
        SELECT n.node, n.path, regexp_replace(n.query, $re$'([^']|'')*'|"([^"]|"")*"|--[^\n\r]*$re$, ' ', 'g') AS query
          FROM nodes n
         WHERE n.node_type = 'SQL' AND strpos(n.query, '$') > 0 AND n.query !~ $re$\\'|\{[A-Za-z_]|/\*|\$([A-Za-z_][A-Za-z0-9_]*)?\$$re$
        UNION ALL
        -- A wait that takes its time from a result.
        SELECT n.node, n.path, t.reference
          FROM nodes n
         CROSS JOIN LATERAL (SELECT CASE n.node_type WHEN 'SIGNAL' THEN n.query::jsonb ->> 'timeout_seconds'
                                                     WHEN 'RETRY' THEN n.query::jsonb ->> 'delay_seconds'
                                                     WHEN 'SLEEP' THEN COALESCE(n.query::jsonb ->> 'seconds',
                                                                                n.query::jsonb ->> 'until') END
                             OFFSET 0) t (reference)
         WHERE n.node_type IN ('SLEEP', 'SIGNAL', 'RETRY') AND strpos(n.query, '$') > 0 AND df._is_reference(t.reference)
    ),
    unbound AS (
        SELECT DISTINCT ON (b.node) b.node, b.path, m.found[2] AS name
          FROM bare b
         CROSS JOIN LATERAL regexp_matches(
             b.query, $re$(^|[ \t\n\r!-#%-/:-@\[-^`{-~])\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t\n\r!-#%-/:-@\[-^`{-~]|\Z)$re$, 'g')
                 WITH ORDINALITY m (found, n)
         WHERE b.query !~ $re$['"]$re$ AND m.found[2] NOT IN (SELECT k.name FROM bound k)
         ORDER BY b.node, m.n
    )
    SELECT u.node, u.path,
           format('no result is named %s%s', u.name, COALESCE(
               (SELECT format('; did you mean $%s.%s?', n.result_name, u.name)
                  FROM nodes n
                 WHERE n.node_type = 'SQL' AND n.result_name IS NOT NULL
                     AND n.query ~ ('(^|[^A-Za-z0-9_])' || u.name || '([^A-Za-z0-9_]|\Z)') AND n.node <> u.node
                 ORDER BY n.node LIMIT 1),
               (SELECT format('; did you mean $%s?', b.name)
                  FROM bound b
                 WHERE starts_with(replace(lower(b.name), '_', ''), replace(lower(u.name), '_', ''))
                     OR starts_with(replace(lower(u.name), '_', ''), replace(lower(b.name), '_', ''))
                 ORDER BY length(b.name) DESC, b.name COLLATE "C" LIMIT 1),
               (SELECT '. Names: ' || string_agg(b.name, ', ' ORDER BY b.name COLLATE "C") FROM bound b)))
      FROM unbound u
$function$;
COMMENT ON FUNCTION df._unbound_references(text) IS 'Internal: steps whose SQL refers to a result that no node of the graph binds.';
