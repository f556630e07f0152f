-- Numbers the nodes in pre-order (left, right, condition, extras), as the worker does. The walk keeps its own stack: recursion would be
-- slower, and 256 levels deep. A node that is malformed or too deep is listed, but not looked into. If there are too many nodes, the
-- first one beyond the limit is listed as number 10000, followed by those found before it.
CREATE FUNCTION df._flatten(p_graph text)
RETURNS TABLE (node integer, path text, depth integer, node_type text, query text, result_name text, children text[], defect text,
               parent integer, slot text, extras integer)
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_max_nodes CONSTANT integer := df._graph_limit('max_nodes');
    c_max_depth CONSTANT integer := df._graph_limit('max_depth');
    s_envelope  jsonb[]   := ARRAY[p_graph::jsonb];
    s_path      text[]    := ARRAY['root'];
    s_slot      text[]    := ARRAY[NULL::text];
    s_depth     integer[] := ARRAY[0];
    s_parent    integer[] := ARRAY[NULL::integer];
    v_top       integer := 1;
    v_visited   integer := 0;
    v_found     integer := 1;
    v_count     integer;
    v_self      jsonb;
    v_children  jsonb[];
    v_slots     text[];
BEGIN
    WHILE v_top > 0 LOOP
        v_self := s_envelope[v_top];
        path := s_path[v_top];
        slot := s_slot[v_top];
        depth := s_depth[v_top];
        parent := s_parent[v_top];
        v_top := v_top - 1;
        node := v_visited;
        v_visited := v_visited + 1;
        node_type := v_self ->> 'node_type';
        query := v_self ->> 'query';
        result_name := v_self ->> 'result_name';

        children := '{}';
        v_children := '{}';
        v_slots := '{}';
        extras := 0;
        defect := NULL;
        IF v_self ? 'left_node' AND jsonb_typeof(v_self -> 'left_node') <> 'null' THEN
            children := '{left_node}';
            v_children := ARRAY[v_self -> 'left_node'];
            v_slots := '{.left}';
        END IF;
        IF v_self ? 'right_node' AND jsonb_typeof(v_self -> 'right_node') <> 'null' THEN
            children := children || 'right_node'::text;
            v_children := v_children || (v_self -> 'right_node');
            v_slots := v_slots || '.right'::text;
        END IF;
        IF v_self ? 'condition_node' AND jsonb_typeof(v_self -> 'condition_node') <> 'null' THEN
            children := children || 'condition_node'::text;
            v_children := v_children || (v_self -> 'condition_node');
            v_slots := v_slots || '.condition_node'::text;
        END IF;
        IF v_self ? 'extra_nodes' AND jsonb_typeof(v_self -> 'extra_nodes') = 'array' AND v_self -> 'extra_nodes' <> '[]' THEN
            extras := jsonb_array_length(v_self -> 'extra_nodes');
            children := children || 'extra_nodes'::text;
            v_children := v_children || ARRAY(
                SELECT e.value FROM jsonb_array_elements(v_self -> 'extra_nodes') WITH ORDINALITY e (value, n) ORDER BY e.n);
            v_slots := v_slots || ARRAY(SELECT format('.extra_nodes[%s]', i - 1) FROM generate_series(1, extras) i);
        END IF;
        IF jsonb_typeof(v_self) <> 'object' OR v_self ? 'extra_nodes' OR jsonb_typeof(v_self -> 'node_type') IS DISTINCT FROM 'string'
            OR jsonb_typeof(v_self -> 'query') <> 'string' OR jsonb_typeof(v_self -> 'result_name') <> 'string'
            OR jsonb_typeof(v_children[1]) <> 'object' OR jsonb_typeof(v_children[2]) <> 'object' OR jsonb_typeof(v_children[3]) <> 'object'
        THEN
            defect := 'failed to deserialize Durofut child: ' || df._node_defect(v_self);
        END IF;
        RETURN NEXT;
        v_count := cardinality(v_children);
        CONTINUE WHEN v_count = 0 OR defect IS NOT NULL OR depth > c_max_depth OR v_found > c_max_nodes;

        FOR i IN REVERSE v_count .. 1 LOOP
            v_top := v_top + 1;
            s_envelope[v_top] := v_children[i];
            s_path[v_top] := path || v_slots[i];
            s_slot[v_top] := v_slots[i];
            s_depth[v_top] := depth + 1;
            s_parent[v_top] := node;
        END LOOP;
        IF v_found + v_count > c_max_nodes THEN
            path := path || v_slots[c_max_nodes - v_found + 1];
            parent := node;
            node := c_max_nodes;
            defect := format('Workflow exceeds maximum node count of %s. Simplify the workflow or break it into multiple instances.',
                             c_max_nodes);
            RETURN NEXT;
        END IF;
        v_found := v_found + v_count;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._flatten(text) IS
    'Internal: the nodes of a graph, numbered in pre-order; parent and slot say where each one is attached.';
