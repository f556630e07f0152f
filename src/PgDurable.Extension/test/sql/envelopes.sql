-- What counts as an envelope: it is taken byte for byte. Everything else is SQL.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;

-- white space between is kept, white space around is not
SELECT df.seq(E' \n{ "query" : "a" ,\t"node_type":"SQL" } ', 'b');
SELECT df.seq(repeat(' ', 200) || '{"node_type":"SQL","query":"a"}', 'b') = '{"node_type":"THEN","left_node":'
       || '{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"b"}}';
-- unknown keys, keys in another order, null for absent, escapes
SELECT df.seq('{"x":[1],"query":"\u0061","node_type":"SQL","left_node":null,"extra_nodes":null,"result_name":null}', 'b');
-- children are not looked into
SELECT df.seq('{"node_type":"THEN","left_node":{"foo":"bar"},"right_node":{"node_type":"NOPE"}}', 'b');
-- a name: the keys in their one order, those of no meaning dropped, children byte for byte
SELECT df.as('{"x":[1],"query":"\u0061","node_type":"SQL","left_node":null}', 'n');
SELECT df.as('{ "right_node": { "x" : 1 }, "node_type": "THEN", "result_name":"old", "left_node": { "foo":"bar" } }', 'n');
SELECT df.as('{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"b"},"result_name":"'
    || repeat('x', 300) || '"}', 'n');
SELECT df.as('{"node_type":"SQL","query":",\"result_name\":\"x\"}"}', 'n');
SELECT df.as(df.loop('a' |=> 'x'), 'n');
SELECT df.as(df.loop('SELECT ''é漢😀''' ~> 'b'), 'n');
-- not envelopes, so SQL
SELECT df.seq('{}', '[]');
SELECT df.seq('{"node_type":5}', '{"node_type":"SQL"');
SELECT df.seq('{"query":"a"}', '');
SELECT df.seq('"{\"node_type\":\"SQL\"}"', 'null');
SELECT ('a' ~> 'b' || 'c') ~> 'd';
SELECT df.seq('{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"},', 'b');
-- an envelope can be kept and used again
CREATE TEMPORARY TABLE kept AS SELECT 'a' ~> df.sleep(1) |=> 'x' AS graph;
SELECT k.graph = ('a' ~> df.sleep(1) |=> 'x'),
       df.race(k.graph, k.graph) = df.race('a' ~> df.sleep(1) |=> 'x', 'a' ~> df.sleep(1) |=> 'x')
  FROM kept k;
