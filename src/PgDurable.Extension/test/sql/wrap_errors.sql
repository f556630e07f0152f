-- What composers, and df.start, refuse as a step.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;

-- composers: a node that cannot be read
SELECT df.seq('{"node_type":"SQL","query":5}', 'b');
SELECT df.seq('a', '{"node_type":"THEN","left_node":"a","right_node":"b"}');
SELECT df.loop('{"node_type":"THEN","left_node":{},"right_node":7}');
SELECT df.if('{"node_type":"LOOP","left_node":{},"condition_node":"c"}', 'a', 'b');
SELECT df.join('{"node_type":"JOIN","extra_nodes":["a"]}', 'b');
SELECT df.race('{"node_type":"JOIN","extra_nodes":{}}', 'b');
SELECT 'a' & '{"node_type":"SQL","query":"a","result_name":1}';
SELECT df.timeout('{"node_type":"SQL","query":"a","query":"b"}', 1);
SELECT df.retry('{"node_type":"SQL","query":"\u0000"}');
SELECT df.seq('{"node_type":"sql","query":"a"}', 'b');
SELECT df.seq('a', '{"node_type":"NOT_A_NODE"}');
SELECT df.as('{"node_type":"NOT_A_NODE"}', 'x');
-- the answer of a helper
SELECT df.seq('OK', 'b');
SELECT 'a' ~> 'OK';
SELECT df.seq('ok', ' OK ');
-- half a conditional
SELECT df.seq('c' ?> 'a', 'b');
SELECT 'a' & ('c' ?> 'a');
SELECT 'c' ?> 'a' |=> 'x';

-- df.start: the same, with its own words, before anything is written
BEGIN;
SELECT df.start(NULL);
ROLLBACK;
SELECT df.start('OK');
SELECT df.start('{"node_type":"NOT_A_NODE"}');
SELECT df.start('{"node_type":"THEN","left_node":"a","right_node":"b"}');
SELECT df.start('{"node_type":"LOOP","left_node":{},"condition_node":"c"}');
SELECT df.start('{"node_type":"LOOP","left_node":{},"condition_node":5}');
SELECT df.start('{"node_type":"JOIN","left_node":{},"right_node":{},"extra_nodes":["a", "b"]}');
SELECT df.start('{"node_type":"JOIN","left_node":{},"right_node":{},"extra_nodes":"a"}');
SELECT df.start('{"node_type":"SQL","query":["a"]}');
SELECT df.start('{"node_type":"SQL","query":"a","query":"b"}');
SELECT df.start('{"node_type":"SQL","query":"\u0000"}');
SELECT df.start('c' ?> 'a');
-- what only looked like a composer's work is found out here
SELECT df.start(df.seq('{"node_type":"THEN","left_node":{"node_type":"SQL"}}}', 'b'));
SELECT df.start(df.seq('{"node_type":"THEN","left_node":{"node_type":"SQL"},"right_node":"b"}', 'b'));
RESET ROLE;
SET ROLE regress_http;
SELECT df.start('{"node_type":"THEN"}');
SELECT count(*) FROM df.graphs;
SELECT count(*) FROM df.submissions;
