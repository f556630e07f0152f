-- The tree that df.explain prints; p_markers, by node number, follow the lines. A chain of THEN nodes becomes a list of its members, all
-- but the first with an arrow. Like df._flatten it keeps a stack of what is still to come: titles (node -1) and nodes, each with the
-- prefix of its own line and of the lines below it.
CREATE FUNCTION df._explain_tree(p_graph text, p_markers text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_type     text[];
    v_line     text[];
    v_title    text[];
    v_next     integer[];
    v_leaf     boolean[];
    s_node     integer[] := '{0}';
    s_prefix   text[] := '{""}';
    s_head     text[] := '{""}';
    s_below    text[] := '{"    "}';
    v_top      integer := 1;
    v_node     integer;
    v_prefix   text;
    v_head     text;
    v_below    text;
    v_children integer[];
    v_last     boolean;
    v_lines    text[] := '{}';
    v_width    integer;
BEGIN
    -- Arrays begin at 1, nodes at 0. The numbers are in pre-order, so the first child of a node is the next node.
    WITH f AS MATERIALIZED (SELECT * FROM df._flatten(p_graph)),
    n AS (SELECT f.node, f.node_type, f.children = '{}' AS leaf, df._explain_title(p.node_type, f.slot) AS title,
                 df._explain_node(f.node_type, f.query, f.result_name, f.children, f.extras) AS line,
                 lead(f.node) OVER (PARTITION BY f.parent ORDER BY f.node) AS next
            FROM f LEFT JOIN f p ON p.node = f.parent)
    SELECT array_agg(n.node_type ORDER BY n.node), array_agg(COALESCE(n.line, '?') || COALESCE(p_markers[n.node + 1], '') ORDER BY n.node),
           array_agg(n.title ORDER BY n.node), array_agg(n.next ORDER BY n.node), array_agg(n.leaf ORDER BY n.node)
      INTO v_type, v_line, v_title, v_next, v_leaf
      FROM n;

    WHILE v_top > 0 LOOP
        v_node := s_node[v_top] + 1;
        v_prefix := s_prefix[v_top];
        v_head := s_head[v_top];
        v_below := s_below[v_top];
        v_top := v_top - 1;
        IF v_node = 0 THEN
            v_lines := array_append(v_lines, v_head);
            CONTINUE;
        END IF;
        IF v_type[v_node] = 'THEN' THEN
            s_node[v_top + 1] := v_next[v_node + 1];
            s_prefix[v_top + 1] := v_prefix;
            s_head[v_top + 1] := v_prefix || '→ ';
            s_below[v_top + 1] := v_prefix || '    ';
            s_node[v_top + 2] := v_node;
            s_prefix[v_top + 2] := v_prefix;
            s_head[v_top + 2] := v_head;
            s_below[v_top + 2] := v_prefix || '    ';
            v_top := v_top + 2;
            CONTINUE;
        END IF;
        v_lines := array_append(v_lines, v_head || v_line[v_node]);
        CONTINUE WHEN v_leaf[v_node];

        v_children := ARRAY[v_node];
        WHILE v_next[v_children[cardinality(v_children)] + 1] IS NOT NULL LOOP
            v_children := array_append(v_children, v_next[v_children[cardinality(v_children)] + 1]);
        END LOOP;
        IF v_type[v_node] = 'IF' AND cardinality(v_children) = 3 THEN
            v_children := ARRAY[v_children[3], v_children[1], v_children[2]];
        END IF;
        FOR i IN REVERSE cardinality(v_children) .. 1 LOOP
            v_last := i = cardinality(v_children) OR v_type[v_node] NOT IN ('JOIN', 'RACE');
            s_node[v_top + 1] := v_children[i];
            s_prefix[v_top + 1] := v_below || '  ';
            s_head[v_top + 1] := v_below || '  ' || CASE WHEN v_last THEN '└─' ELSE '├─' END;
            s_below[v_top + 1] := v_below || '  ' || CASE WHEN v_last THEN '    ' ELSE '│   ' END;
            s_node[v_top + 2] := -1;
            s_head[v_top + 2] := v_below || v_title[v_children[i] + 1];
            s_prefix[v_top + 2] := '';
            s_below[v_top + 2] := '';
            v_top := v_top + 2;
        END LOOP;
    END LOOP;

    -- SQL may contain line breaks, which start new lines.
    v_lines := string_to_array(rtrim(array_to_string(v_lines, E'\n'), E' \t\r\n'), E'\n');
    v_width := (SELECT max(length(l)) + 4 FROM unnest(v_lines) l);
    RETURN (SELECT string_agg(rpad(l.line, v_width), E'\n' ORDER BY l.n) FROM unnest(v_lines) WITH ORDINALITY l (line, n));
END
$function$;
COMMENT ON FUNCTION df._explain_tree(text, text[]) IS 'Internal: the tree that df.explain prints.';
