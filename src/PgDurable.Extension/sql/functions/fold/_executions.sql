-- Where an instance is: the executions (node and path) that its nodes are in, from the root down, each with the row that it left. A loop
-- is in its last iteration, a retry in its last attempt, a foreach in all items about which anything is known. A parent comes before its
-- children, and children of one parent are adjacent, so walking the rows backwards meets the children before the parent.
CREATE FUNCTION df._executions(p_instance_no bigint) RETURNS df._execution[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_graph  df._execution[];   -- the nodes, from 0: what is the same for all their executions
    v_all    df._execution[];
    v_self   df._execution;
    v_child  df._execution;
    v_row    record;
    v_seen   jsonb;
    v_prefix text;
    v_items  integer[];
    v_item   integer;
    v_goes_on boolean;
    v_at     integer := 1;
    v_total  integer := 1;
BEGIN
    FOR v_row IN
        SELECT n.* FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.instance_no = p_instance_no
    LOOP
        v_self.node := v_row.node;
        v_self.node_type := v_row.node_type;
        v_self.query := v_row.query;
        v_self.result_name := v_row.result_name;
        v_self.children := v_row.children;
        v_graph[v_row.node + 1] := v_self;
    END LOOP;
    IF v_graph IS NULL THEN
        RETURN NULL;
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

    v_self := v_graph[1];
    v_self.execution := 1;
    v_self.parent := 0;
    v_self.place := 0;
    v_self.path := '';
    v_self.number := 0;
    v_self.protected := false;
    v_all[1] := v_self;
    WHILE v_at <= v_total LOOP
        v_self := v_all[v_at];
        v_self.first_child := v_total + 1;
        v_prefix := NULL;
        v_items := ARRAY[v_self.number];
        v_goes_on := false;
        IF v_self.node_type IN ('LOOP', 'RETRY', 'FOREACH') THEN
            v_prefix := CASE v_self.path WHEN '' THEN '' ELSE v_self.path || '/' END || v_self.node || ':';
            v_items := ARRAY(SELECT n::integer FROM jsonb_array_elements_text(v_seen -> v_prefix) n);
            IF v_items = '{}' THEN
                v_items := ARRAY[(v_self.node_type <> 'FOREACH')::integer];
            ELSIF v_self.node_type <> 'FOREACH' THEN
                v_items := v_items[cardinality(v_items):];
            END IF;
            v_goes_on := v_self.node_type = 'LOOP' AND COALESCE(v_self.query::json ->> 'continue_on_failure' = 'true', false);
        END IF;
        FOREACH v_item IN ARRAY v_items LOOP
            FOR j IN 1 .. cardinality(v_self.children) LOOP
                v_total := v_total + 1;
                v_child := v_graph[v_self.children[j] + 1];
                v_child.execution := v_total;
                v_child.parent := v_at;
                v_child.place := j;
                v_child.path := COALESCE(v_prefix || v_item, v_self.path);
                v_child.number := v_item;
                v_child.protected := v_self.protected OR v_goes_on AND j = 1;
                v_all[v_total] := v_child;
            END LOOP;
        END LOOP;
        v_self.last_child := v_total;
        v_all[v_at] := v_self;
        v_at := v_at + 1;
    END LOOP;

    -- OFFSET 0: by key, one by one. A join would compare every execution with every checkpoint.
    FOR v_row IN
        SELECT e.execution, c.seq, c.started_at, c.finished_at, c.error IS NOT NULL AS failed,
               df._plain(c.error) ->> 'fatal' = 'true' AS fatal
          FROM (SELECT e.execution, e.node, e.path FROM unnest(v_all) e) e
          LEFT JOIN LATERAL (SELECT * FROM df.checkpoints c
                              WHERE c.instance_no = p_instance_no AND c.node = e.node AND c.path = e.path OFFSET 0) c ON true
    LOOP
        v_self := v_all[v_row.execution];
        v_self.seq := v_row.seq;
        v_self.failed := v_row.failed;
        v_self.began := v_row.started_at;
        v_self.ended := v_row.finished_at;
        v_self.fatal := COALESCE(v_row.fatal, false);
        v_all[v_row.execution] := v_self;
    END LOOP;
    RETURN v_all;
END
$function$;
COMMENT ON FUNCTION df._executions(bigint) IS
    'Internal: the executions that the nodes of an instance are in, parents before children, each with the row that it left.';
