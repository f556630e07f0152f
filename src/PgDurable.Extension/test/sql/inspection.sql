-- The shapes of what people look at. What is in them is tested where checkpoints are written.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SELECT p.oid::regprocedure, pg_get_function_result(p.oid)
  FROM pg_proc p
 WHERE p.pronamespace = 'df'::regnamespace
   AND p.proname IN ('list_instances', 'instance_info', 'instance_executions', 'instance_nodes', 'metrics', 'history', 'status', 'result',
                     'error')
 ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT c.relname, string_agg(concat(a.attname, ' ', format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relnamespace = 'df'::regnamespace AND c.relkind = 'v'
 GROUP BY c.relname ORDER BY c.relname COLLATE "C";
-- an instance that nobody has taken up
SET ROLE regress_user;
SELECT df.start(
    'SELECT 1' |=> 'a' ~> df.loop('SELECT 2', 'SELECT 3') ~> df.join('SELECT 4', 'SELECT 5', 'SELECT 6'), 'inspected') AS id \gset
SELECT node_id, node_type, query, result_name, left_node, right_node, status, result, status_details, inferred_status,
       inferred_status_from_ancestor_id
  FROM df.instance_nodes(:'id') ORDER BY node_id;
SELECT label, function_name, function_version, current_execution_id, status, output FROM df.instance_info(:'id');
SELECT label, function_name, status, execution_count, output, next_cursor FROM df.list_instances('pending', 1000, 'inspected');
SELECT * FROM df.instance_executions(:'id');
SELECT * FROM df.history(:'id');
SELECT kind, name, until, paused FROM df.waiting WHERE id = :'id';
-- unknown ids, NULL, limits
SELECT * FROM df.instance_info('ffffffff');
SELECT * FROM df.instance_nodes('ffffffff');
SELECT * FROM df.instance_executions('ffffffff');
SELECT df.status('ffffffff'), df.result('ffffffff'), df.error('ffffffff'), df.status(NULL);
SELECT * FROM df.instance_executions('ffffffff', 0);
SELECT * FROM df.list_instances(NULL, 0);
SELECT * FROM df.list_instances(NULL, 1000000000);
SELECT * FROM df.list_instances(NULL, 1, NULL, 'zz');
SELECT * FROM df.list_instances(NULL, 1, NULL, encode('v1|not-a-timestamp|abc', 'hex'));
SELECT df.metrics();
