-- 256 levels and 10,000 nodes, in every position.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
CREATE FUNCTION pg_temp.nested(p_head text, p_tail text, p_levels integer) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN repeat(p_head, p_levels) || '{"node_type":"SQL","query":"x"}' || repeat(p_tail, p_levels);
CREATE TEMPORARY TABLE positions (place text, head text, tail text);
INSERT INTO positions VALUES
    ('left', '{"node_type":"THEN","left_node":', ',"right_node":{"node_type":"SQL","query":"y"}}'),
    ('right', '{"node_type":"THEN","left_node":{"node_type":"SQL","query":"y"},"right_node":', '}'),
    ('condition', '{"node_type":"LOOP","left_node":{"node_type":"SQL","query":"y"},"condition_node":', '}'),
    ('extra', '{"node_type":"JOIN","left_node":{"node_type":"SQL","query":"y"},"right_node":{"node_type":"SQL","query":"z"},'
              '"extra_nodes":[', ']}'),
    ('body', '{"node_type":"LOOP","left_node":', '}');

SELECT place, df.explain(pg_temp.nested(head, tail, 256)) ~ 'Invalid' AS refused FROM positions;
SELECT place, regexp_replace(df.explain(pg_temp.nested(head, tail, 257)), '(root)(\.\w+|\[\d+\])+', '\1…') FROM positions;
SELECT place, length((regexp_match(df.explain(pg_temp.nested(head, tail, 257)), 'root([^:]*)'))[1]) FROM positions;
SELECT df.start(pg_temp.nested(head, tail, 256)) ~ '^[0-9a-f]{8}$' FROM positions WHERE place <> 'condition';
SELECT df.start(pg_temp.nested(head, tail, 256)) ~ '^[0-9a-f]{8}$' FROM positions WHERE place = 'condition';
-- so deep that it cannot even be parsed
SELECT left(df.explain(repeat('{"node_type":"LOOP","left_node":', 100000)), 200);
SELECT df.start(repeat('{"node_type":"LOOP","left_node":', 100000) || repeat('}', 100000));

-- 10,000 nodes
SELECT df.explain(df.join(VARIADIC array_fill('x'::text, ARRAY[9999]))) ~ 'Invalid';
SELECT df.explain(df.join(VARIADIC array_fill('x'::text, ARRAY[10000])));
SELECT df.start(df.join(VARIADIC array_fill('x'::text, ARRAY[10001])));
SELECT df.start(df.join(VARIADIC array_fill('x'::text, ARRAY[9999]))) ~ '^[0-9a-f]{8}$';
-- counted in the order in which they are found: both branches before what is in them
SELECT df.explain(df.join(df.join(VARIADIC array_fill('x'::text, ARRAY[5000])), df.join(VARIADIC array_fill('x'::text, ARRAY[5000]))));
SELECT df.explain(df.seq(df.join(VARIADIC array_fill('x'::text, ARRAY[10000])), '{"node_type":"SQL","query":"x","left_node":{"foo":1}}'));
SELECT df.explain(
    '{"node_type":"THEN","left_node":' || df.join(VARIADIC array_fill('x'::text, ARRAY[10000])) || ',"right_node":{"foo":"bar"}}');

-- a chain of 200 steps has 399 nodes, numbered in pre-order
DO $$
DECLARE
    v_chain text := 'SELECT 0';
BEGIN
    FOR i IN 1 .. 199 LOOP
        v_chain := v_chain ~> ('SELECT ' || i) |=> ('r' || i);
    END LOOP;
    PERFORM set_config('regress.chain', v_chain, false);
END $$;
SELECT count(*), max(f.node), max(f.depth), count(*) FILTER (WHERE f.node_type = 'THEN')
  FROM df._flatten(current_setting('regress.chain')) f;
SELECT string_agg(f.query, ' ' ORDER BY f.node) = (SELECT string_agg('SELECT ' || i, ' ' ORDER BY i) FROM generate_series(0, 199) i)
  FROM df._flatten(current_setting('regress.chain')) f WHERE f.node_type = 'SQL';
SELECT f.node, f.parent, f.slot, f.path, f.depth, f.node_type, f.children
  FROM df._flatten(df.seq(df.if('a', 'b', 'c'), df.join('d', 'e', 'f', 'g'))) f;
