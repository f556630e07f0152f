-- df.start and df.explain find every graph that cannot run: the first problem of a walk from the root, and where it is.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
CREATE FUNCTION pg_temp.problem(p_graph text) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN split_part(df.explain(p_graph), 'Invalid durable function graph: ', 2);
CREATE FUNCTION pg_temp.leaf(p_type text, p_query text) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN json_strip_nulls(json_build_object('node_type', p_type, 'query', p_query))::text;

-- both say the same; a raised one is DF003
SELECT pg_temp.problem('{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"}}');
SELECT df.start('{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"}}');
DO $$ BEGIN PERFORM df.start('{"node_type":"THEN"}'); EXCEPTION WHEN SQLSTATE 'DF003' THEN RAISE NOTICE 'DF003'; END $$;

-- paths
SELECT pg_temp.problem('{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"NO"}}');
SELECT pg_temp.problem(df.if('{"node_type":"THEN"}', 'a', 'b'));
SELECT pg_temp.problem(df.join('a', 'b', 'c', df.loop('{"node_type":"THEN"}'), 'e'));

-- children that are none
SELECT pg_temp.problem('{"node_type":"LOOP","left_node":{"node_type":"SQL","query":"a"},"condition_node":{"foo":"bar"}}');
SELECT pg_temp.problem(df.seq('a', '{"node_type":"THEN","left_node":{"node_type":"SQL","query":5},"right_node":{}}'));
SELECT pg_temp.problem(df.seq('a', '{"node_type":"THEN","left_node":{"node_type":"THEN","left_node":5},"right_node":{}}'));

-- conditions and extras where they do not belong, or hidden in the query
SELECT t, pg_temp.problem('{"node_type":"' || t || '","condition_node":{"node_type":"SQL","query":"a"}}')
  FROM unnest(df._node_types()) t WHERE t NOT IN ('IF', 'LOOP');
SELECT t, pg_temp.problem('{"node_type":"' || t || '","extra_nodes":[{"node_type":"SQL","query":"a"}]}')
  FROM unnest(df._node_types()) t WHERE t NOT IN ('JOIN', 'RACE', 'TRY');
SELECT pg_temp.problem('{"node_type":"IF","query":"{\"condition_node\":\"abc\"}"}');
SELECT pg_temp.problem('{"node_type":"LOOP","query":"{\"condition_node\":null}"}');
SELECT pg_temp.problem('{"node_type":"JOIN","query":"{\"extra_nodes\":[]}"}');
SELECT pg_temp.problem('{"node_type":"RACE","query":"{\"extra_nodes\":[]}"}');
SELECT pg_temp.problem('{"node_type":"SQL","query":"{\"condition_node\":1}"}') = '' AS a_query_is_not_looked_into;
SELECT pg_temp.problem(
    '{"node_type":"LOOP","left_node":{"node_type":"SQL","query":"a"},"condition_node":{"node_type":"SQL","query":"c"},"query":"nope"}');
SELECT pg_temp.problem('{"node_type":"JOIN","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"c"},'
                       '"extra_nodes":[{"node_type":"SQL","query":"c"}],"query":"[]"}');

-- the order of the walk: parents before children, what a parent sees of its children before what they see, structure last
SELECT pg_temp.problem('{"node_type":"NO","left_node":{"node_type":"NEITHER"}}');
SELECT pg_temp.problem(df.seq('{"node_type":"THEN","left_node":{"node_type":"NO"},"right_node":{"node_type":"THEN"}}', 'b'));
SELECT pg_temp.problem('{"node_type":"THEN","left_node":{"node_type":"NO"},"right_node":{"foo":"bar"}}');
SELECT pg_temp.problem('{"node_type":"LOOP","left_node":{"node_type":"NO"},"condition_node":{"node_type":"SQL"},"query":"nope"}');
SELECT pg_temp.problem('{"node_type":"THEN","left_node":{"node_type":"SQL"},"right_node":{"node_type":"NO"}}');

-- structure
SELECT t, pg_temp.problem('{"node_type":"' || t || '"}') FROM unnest(df._node_types()) t;
SELECT t, pg_temp.problem(
    '{"node_type":"' || t || '","query":"{}","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"a"}}')
  FROM unnest(df._node_types()) t;
SELECT t, pg_temp.problem('{"node_type":"' || t || '","query":"{}","left_node":{"node_type":"SQL","query":"a"}}')
  FROM unnest(df._node_types()) t;
SELECT pg_temp.problem('{"node_type":"IF","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"a"}}');
SELECT pg_temp.problem('{"node_type":"TRY","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"a"},'
                       '"extra_nodes":[{"node_type":"SQL","query":"a"},{"node_type":"SQL","query":"a"}]}');
SELECT pg_temp.problem('{"node_type":"IF","left_node":{"node_type":"SQL","query":"a"},"right_node":{"node_type":"SQL","query":"a"},'
                       '"condition_node":{"node_type":"SQL","query":"a"},"query":"{}"}');
SELECT pg_temp.problem('{"node_type":"SQL","query":"a","extra_nodes":[],"condition_node":null}') = '';

-- names
SELECT pg_temp.problem('{"node_type":"SQL","query":"a","result_name":"1x"}');
SELECT pg_temp.problem('{"node_type":"SQL","query":"a","result_name":""}');
SELECT pg_temp.problem('{"node_type":"SQL","query":"a","result_name":"input"}');
SELECT pg_temp.problem('{"node_type":"SLEEP","query":"1","result_name":"a b"}');

-- configs
SELECT pg_temp.problem(pg_temp.leaf('SLEEP', q))
  FROM unnest(ARRAY['', '-1', '1.5', 'x', '31536000001', '99999999999999999999', '31536000000', '0']) q;
SELECT t, pg_temp.problem(pg_temp.leaf(t, 'nope'))
  FROM unnest('{BREAK,WAIT_SCHEDULE,HTTP,HTTP_MULTIPART,SIGNAL,FAIL,CALL,HTTP_JSON}'::text[]) t;
SELECT t, pg_temp.problem(pg_temp.leaf(t, '[1]'))
  FROM unnest('{BREAK,WAIT_SCHEDULE,HTTP,HTTP_MULTIPART,SIGNAL,FAIL,CALL,HTTP_JSON}'::text[]) t;
SELECT t, pg_temp.problem(pg_temp.leaf(t, '{}'))
  FROM unnest('{BREAK,WAIT_SCHEDULE,HTTP,HTTP_MULTIPART,SIGNAL,FAIL,CALL,HTTP_JSON}'::text[]) t;
SELECT q, pg_temp.problem(pg_temp.leaf('SIGNAL', q)) FROM unnest(ARRAY['{"signal_name":5}', '{"signal_name":"a","timeout_seconds":"5"}',
    '{"signal_name":"a","timeout_seconds":1.5}', '{"signal_name":"a","timeout_seconds":0}',
    '{"signal_name":"a","timeout_seconds":null}']) q;
SELECT q, pg_temp.problem(pg_temp.leaf('BREAK', q)) FROM unnest(ARRAY['{"break_value":5}', '{"break_value":"5"}']) q;
SELECT q, pg_temp.problem(pg_temp.leaf('WAIT_SCHEDULE', q)) FROM unnest(ARRAY['{"cron_expr":5}', '{"cron_expr":"61 * * * *"}',
    '{"cron_expr":"@daily","timezone":"Mars"}', '{"cron_expr":"@daily","timezone":5}', '{"cron_expr":"@daily","timezone":null}']) q;
SELECT q, pg_temp.problem(pg_temp.leaf('FAIL', q))
  FROM unnest(ARRAY['{"message":5}', '{"message":"a","sqlstate":"x"}', '{"message":"a","sqlstate":5}', '{"message":"a","sqlstate":12345}',
                    '{"message":"a","sqlstate":null}', '{"message":"a"}']) q;
SELECT q, pg_temp.problem(pg_temp.leaf('CALL', q))
  FROM unnest(ARRAY['{"workflow":5}', '{"workflow":"w","version":"1"}', '{"workflow":"w","version":1.5}', '{"workflow":"w","version":1.0}',
                    '{"workflow":"w"}']) q;
SELECT q, pg_temp.problem(pg_temp.leaf('HTTP', q))
  FROM unnest(ARRAY['{"url":5,"method":"GET"}', '{"url":"u"}', '{"url":"u","method":"get"}', '{"url":"u","method":"GET","body":{}}',
    '{"url":"u","method":"GET","timeout_seconds":0}', '{"url":"u","method":"GET","headers":{"a":5}}',
    '{"url":"u","method":"GET","headers":[]}',
    '{"url":"file:///etc/passwd","method":"GET","body":null,"headers":null,"timeout_seconds":30}']) q;
SELECT q, pg_temp.problem(json_build_object('node_type', 'RETRY', 'left_node', df.sql('a')::json, 'query', q)::text)
  FROM unnest(ARRAY['{}', '{"max_attempts":"3"}', '{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60,"retry_on":"40"}',
                    '{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60,"retry_on":[40]}',
                    '{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60}']) q;
SELECT q, pg_temp.problem(json_build_object('node_type', 'TIMEOUT', 'left_node', df.sql('a')::json, 'query', q)::text)
  FROM unnest(ARRAY['{}', '{"timeout_seconds":"1"}', '{"timeout_seconds":0}', '{"timeout_seconds":1e400}', '{"timeout_seconds":0.5}']) q;
SELECT q, pg_temp.problem(json_build_object('node_type', 'LOOP', 'left_node', df.sql('a')::json, 'query', q)::text)
  FROM unnest(ARRAY['{}', '7', '{"min_interval_ms":"1"}', '{"min_interval_ms":""}', '{"min_interval_ms":-1}', '{"min_interval_ms":null}',
                    '{"min_interval_ms":1}', '{"continue_on_failure":true}', '{"continue_on_failure":null}',
                    '{"continue_on_failure":"true"}',
                    '{"continue_on_failure":1,"min_interval_ms":1}']) q;
SELECT q, pg_temp.problem(
    json_build_object('node_type', 'IF', 'left_node', df.sql('a')::json, 'right_node', df.sql('a')::json, 'query', q)::text)
  FROM unnest(ARRAY['{}', '{"condition_type":"magic"}', '{"condition_type":"result_has_rows"}',
                    '{"condition_type":"result_has_rows","result_name":5}']) q;

SELECT q, pg_temp.problem(json_build_object('node_type', 'FOREACH', 'left_node', df.sql('a')::json, 'query', q)::text)
  FROM unnest(ARRAY['{}', '{"rows":true,"item_name":"i"}', '{"rows":"input","item_name":true}', '{"rows":"input"}',
                    '{"rows":"input","item_name":"i","max_parallel":"1"}',
                    '{"rows":"input","item_name":"i"}']) q;

-- names of results that nothing binds
SELECT pg_temp.problem('a' |=> 'orders' ~> df.if_rows('order', 'b', 'c'));
SELECT pg_temp.problem('a' |=> 'orders' ~> df.foreach('order', 'b'));
SELECT df.start(df.if_rows('orders', 'b', 'c'));
SELECT pg_temp.problem(df.if_rows('input', 'a', 'b')) = '', pg_temp.problem(df.foreach('input', 'a')) = '',
       pg_temp.problem(('a' |=> 'x') ~> df.if_rows('x', 'a', 'b')) = '',
       pg_temp.problem(df.loop(df.if_rows('x', 'a', 'b' |=> 'x'))) = '',
       pg_temp.problem('a' |=> 'r' ~> df.foreach('r', df.foreach('item', 'b', 'inner'))) = '',
       pg_temp.problem(df.try('a', df.if_rows('error', 'a', 'b'))) = '';
SELECT pg_temp.problem('a' |=> 'r' ~> df.if_rows('error', 'a', 'b'));

-- references to results that nothing binds
SELECT pg_temp.problem('SELECT 1 AS order_id' |=> 'order' ~> 'SELECT $order_id');
SELECT pg_temp.problem('a' |=> 'orders' ~> 'SELECT 1, $order.id + 1');
SELECT pg_temp.problem('a' |=> 'orders' ~> 'SELECT $Orders');
SELECT pg_temp.problem('a' |=> 'orders' ~> ('SELECT ''$x'', "$y" -- $v' || E'\n, $nosuch'));
SELECT df.start('SELECT $nosuch');
SELECT q, pg_temp.problem('a' |=> 'r' ~> q) = '' AS fine
  FROM unnest(ARRAY['SELECT $input.a, $r, $r.x?, $sys_label?, $sys_instance_id FROM $r.*', 'SELECT ''it''''s $nosuch''',
                    'SELECT "a""$nosuch"', 'SELECT $$ $nosuch $$', 'SELECT $a$ $nosuch $a$',
                    'SELECT $a$ $$ $nosuch $$ $a$', 'SELECT 1 -- $nosuch', '/* $nosuch */ SELECT 1', '/* a /* b */ $nosuch */ SELECT 1',
                    'SELECT E''\'' $nosuch''', 'SELECT ''\'' $nosuch''', 'SELECT a$nosuch', 'SELECT $1, $nosuch$ $nosuch$',
                    '{fragment} $nosuch', 'SELECT U&''$nosuch''', E'SELECT ''a''\n'' $nosuch''', 'SELECT '' $nosuch', 'SELECT $größe']) q;
SELECT pg_temp.problem(df.try('a', 'SELECT $error.message')) = '', pg_temp.problem('SELECT $error.message'),
       pg_temp.problem(df.foreach('input', 'SELECT $item')) = '',
       pg_temp.problem(df.foreach('input', 'SELECT $i', 'i')) = '', pg_temp.problem(df.loop('SELECT $x' |=> 'x')) = '',
       pg_temp.problem(df.break('$nosuch')) = '', pg_temp.problem(df.fail('$nosuch')) = '';

-- everything that composers make can be started
SELECT pg_temp.problem(df.sql('a') ~> df.sleep(1) ~> df.wait_for_schedule('@daily', 'UTC') ~> df.pace(df.loop('a', 'b', true), 5)
    ~> df.sleep(0.5) ~> (@> df.break('x')) ~> df.if('a', 'b', 'c') ~> df.join('a', 'b', 'c', 'd') ~> df.race('a', 'b', 'c')
    ~> df.wait_for_signal('s') ~> df.wait_for_signal('s', 5) ~> df.retry('a') ~> df.timeout('a', 0.5) ~> df.try('a', 'b', 'c')
    ~> df.fail('m') ~> ('a' <-> 'b') ~> ('a' |=> 'r') ~> df.foreach('r', 'a') ~> df.if_rows('r', 'a', 'b') ~> df.call('w')) = '';
-- A wait whose time comes from a result
SELECT q, pg_temp.problem(pg_temp.leaf('SLEEP', q)) FROM unnest(ARRAY[
    '{"seconds":"$input"}', '{"seconds":"$input.delay"}', '{"seconds":5}', '{"seconds":"5"}', '{"seconds":"$nothing.delay"}', '{}', '{',
    '{"until":"2026-12-24T18:00:00Z"}', '{"until":"2026-12-24T18:00:00.123456+05:30"}', '{"until":"2026-12-24 18:00:00"}',
    '{"until":"2026-02-30T18:00:00Z"}', '{"until":"2026-12-24T18:00:00+99:00"}', '{"until":"now"}', '{"until":"$input.due_at"}',
    '{"until":null}']) q;
SELECT q, pg_temp.problem(pg_temp.leaf('SIGNAL', q)) FROM unnest(ARRAY[
    '{"signal_name":"a","timeout_seconds":"$input.grace"}', '{"signal_name":"a","timeout_seconds":"$x"}']) q;
