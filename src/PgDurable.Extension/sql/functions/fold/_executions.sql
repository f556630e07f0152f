-- Where an instance is: the executions (node and path) that its nodes are in, from the root down, each with the row that it left. A loop
-- is in its last iteration, a retry in its last attempt, a foreach in all items about which anything is known. A parent comes before its
-- children, and children of one parent are adjacent, so walking the rows backwards meets the children before the parent.
CREATE FUNCTION df._executions(p_instance_no bigint)
RETURNS TABLE (execution integer, parent integer, place integer, first_child integer, last_child integer, node integer, node_type text,
               query text, result_name text, children integer[], path text, number integer, seq integer, started_at timestamptz,
               finished_at timestamptz, failed boolean, fatal boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    -- The graph. The children of all nodes are in one array: those of node n begin at g_first[n + 1].
    g_types    text[];
    g_queries  text[];
    g_names    text[];
    g_counts   integer[];
    g_first    integer[];
    g_children integer[];
    v_nodes    integer[] := '{0}';
    v_paths    text[]    := ARRAY[''];
    v_parents  integer[] := '{0}';
    v_places   integer[] := '{0}';
    v_numbers  integer[] := '{0}';
    v_first    integer[] := '{}';
    v_last     integer[] := '{}';
    v_path     text;
    v_prefix   text;
    v_items    integer[];
    v_seen     jsonb;
    v_node     integer;
    v_total    integer := 1;
    v_at       integer := 1;
BEGIN
    WITH nodes AS MATERIALIZED (
        SELECT n.* FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.instance_no = p_instance_no
    )
    SELECT array_agg(n.node_type ORDER BY n.node), array_agg(n.query ORDER BY n.node), array_agg(n.result_name ORDER BY n.node),
           array_agg(cardinality(n.children) ORDER BY n.node), array_agg(n.first::integer ORDER BY n.node),
           (SELECT array_agg(c.child ORDER BY p.node, c.place)
              FROM nodes p CROSS JOIN LATERAL unnest(p.children) WITH ORDINALITY c (child, place))
      INTO g_types, g_queries, g_names, g_counts, g_first, g_children
      FROM (SELECT n.*, 1 + sum(cardinality(n.children)) OVER (ORDER BY n.node) - cardinality(n.children) AS first FROM nodes n) n;
    IF g_types IS NULL THEN
        RETURN;
    END IF;

    -- The iterations, attempts and items that have checkpoints, by the part of the path before their number. A row of a loop or a retry
    -- itself says that the one it names is over. (It may be missing although later ones exist: the worker writes it when it gets to it.)
    SELECT jsonb_object_agg(n.prefix, n.numbers) INTO v_seen
      FROM (SELECT r.prefix, jsonb_agg(DISTINCT r.number) AS numbers
              FROM (SELECT DISTINCT string_to_array(c.path, '/') AS segments, substring(c.path FROM '(\d+):\d+$') = c.node::text AS is_over
                      FROM df.checkpoints c WHERE c.instance_no = p_instance_no AND c.path <> '') p
             CROSS JOIN LATERAL (SELECT array_to_string(p.segments[:k - 1] || (split_part(p.segments[k], ':', 1) || ':'), '/') AS prefix,
                                        split_part(p.segments[k], ':', 2)::integer
                                            + (p.is_over AND k = cardinality(p.segments))::integer AS number
                                   FROM generate_subscripts(p.segments, 1) k) r
             GROUP BY r.prefix) n;

    -- No assignment to an element reads the same array: that would copy the array each time.
    WHILE v_at <= v_total LOOP
        v_node := v_nodes[v_at] + 1;
        v_first[v_at] := v_total + 1;
        v_prefix := NULL;
        v_items := ARRAY[v_numbers[v_at]];
        v_path := v_paths[v_at];
        IF g_types[v_node] IN ('LOOP', 'RETRY', 'FOREACH') THEN
            v_prefix := CASE v_path WHEN '' THEN '' ELSE v_path || '/' END || v_nodes[v_at] || ':';
            SELECT COALESCE(array_agg(n.number::integer ORDER BY n.place),
                            CASE g_types[v_node] WHEN 'FOREACH' THEN '{0}' ELSE '{1}' END::integer[])
              INTO v_items FROM jsonb_array_elements_text(v_seen -> v_prefix) WITH ORDINALITY n (number, place);
            IF g_types[v_node] <> 'FOREACH' THEN
                v_items := v_items[cardinality(v_items):];
            END IF;
        END IF;
        FOR i IN 1 .. cardinality(v_items) LOOP
            v_path := COALESCE(v_prefix || v_items[i], v_path);
            FOR j IN 1 .. g_counts[v_node] LOOP
                v_total := v_total + 1;
                v_nodes[v_total] := g_children[g_first[v_node] + j - 1];
                v_paths[v_total] := v_path;
                v_parents[v_total] := v_at;
                v_places[v_total] := j;
                v_numbers[v_total] := v_items[i];
            END LOOP;
        END LOOP;
        v_last[v_at] := v_total;
        v_at := v_at + 1;
    END LOOP;

    RETURN QUERY
    SELECT e.execution::integer, e.parent, e.place, e.first_child, e.last_child, e.node, n.node_type, n.query, n.result_name,
           g_children[n.first : n.first + n.count - 1], e.path, e.number, c.seq, c.started_at, c.finished_at, c.error IS NOT NULL, COALESCE(df._plain(c.error) ->> 'fatal' = 'true', false)
      FROM unnest(v_nodes, v_paths, v_parents, v_places, v_numbers, v_first, v_last)
           WITH ORDINALITY e (node, path, parent, place, number, first_child, last_child, execution)
      JOIN unnest(g_types, g_queries, g_names, g_first, g_counts) WITH ORDINALITY n (node_type, query, result_name, first, count, number)
        ON n.number = e.node + 1
      LEFT JOIN df.checkpoints c ON c.instance_no = p_instance_no AND c.node = e.node AND c.path = e.path
     ORDER BY e.execution;
END
$function$;
COMMENT ON FUNCTION df._executions(bigint) IS
    'Internal: the executions that the nodes of an instance are in, parents before children, each with the row that it left.';
