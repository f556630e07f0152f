-- The surface of pg_durable 0.2.9 as other programs know it, written down by hand: what is called, with which names, types and defaults,
-- and what comes back. Each query lists what differs here.
CREATE TEMP TABLE wanted (function text, arguments text, result text, strict boolean);
INSERT INTO wanted VALUES
    ('version', '', 'text', true),
    ('target_database', '', 'text', true),
    ('duroxide_schema', '', 'text', false),
    ('sql', 'query text', 'text', true),
    ('seq', 'a text, b text', 'text', true),
    ('as', 'fut text, name text', 'text', true),
    ('sleep', 'seconds bigint', 'text', true),
    ('wait_for_schedule', 'cron_expr text', 'text', true),
    ('loop', 'body text, condition text DEFAULT NULL::text, continue_on_failure boolean DEFAULT false', 'text', false),
    ('break', 'value text DEFAULT NULL::text', 'text', false),
    ('if', 'condition text, then_branch text, else_branch text', 'text', true),
    ('if_rows', 'result_name text, then_branch text, else_branch text', 'text', true),
    ('join', 'a text, b text', 'text', true),
    ('join3', 'a text, b text, c text', 'text', true),
    ('race', 'a text, b text', 'text', true),
    ('http', 'url text, method text DEFAULT ''POST''::text, body text DEFAULT NULL::text, headers jsonb DEFAULT NULL::jsonb, '
             'timeout_seconds integer DEFAULT 30', 'text', false),
    ('http_multipart', 'url text, method text DEFAULT ''POST''::text, parts jsonb DEFAULT NULL::jsonb, headers jsonb DEFAULT NULL::jsonb, '
                       'timeout_seconds integer DEFAULT 30', 'text', false),
    ('wait_for_signal', 'name text, timeout_seconds integer DEFAULT NULL::integer', 'text', false),
    ('setvar', 'name text, value text', 'text', true),
    ('getvar', 'name text', 'text', true),
    ('unsetvar', 'name text', 'text', true),
    ('clearvars', '', 'text', true),
    ('signal', 'instance_id text, signal_name text, signal_data text DEFAULT ''{}''::text', 'text', true),
    ('cancel', 'instance_id text, reason text DEFAULT ''Cancelled by user''::text', 'text', true),
    ('status', 'instance_id text', 'text', true),
    ('result', 'instance_id text', 'text', true),
    ('run', 'instance_id text DEFAULT NULL::text', 'text', false),
    ('await_instance', 'instance_id text, timeout_seconds integer DEFAULT 30', 'text', true),
    ('wait_for_completion', 'instance_id text, timeout_seconds integer DEFAULT 30', 'text', true),
    ('start', 'fut text, label text DEFAULT NULL::text, database text DEFAULT NULL::text, transaction_mode text DEFAULT ''caller''::text',
     'text', false),
    ('list_instances', 'status_filter text DEFAULT NULL::text, limit_count integer DEFAULT 100',
     'TABLE(instance_id text, label text, function_name text, status text, execution_count bigint, output text)', false),
    ('list_instances', 'status_filter text, limit_count integer, label_filter text, after_cursor text DEFAULT NULL::text',
     'TABLE(instance_id text, label text, function_name text, status text, execution_count bigint, output text, '
     'created_at timestamp with time zone, '
     'completed_at timestamp with time zone, next_cursor text)', false),
    ('instance_info', 'instance_id text',
     'TABLE(instance_id text, label text, function_name text, function_version text, current_execution_id bigint, status text, '
     'output text)', true),
    ('instance_executions', 'instance_id text, limit_count integer DEFAULT 5',
     'TABLE(execution_id bigint, status text, event_count bigint, duration_ms bigint, output text)', true),
    ('instance_nodes', 'instance_id_param text',
     'TABLE(node_id text, node_type text, query text, result_name text, left_node text, right_node text, status text, result text, '
     'status_details text, '
     'inferred_status text, inferred_status_from_ancestor_id text, updated_at timestamp with time zone)', true),
    ('instance_nodes', 'instance_id_param text, _last_n_executions integer',
     'TABLE(execution_id bigint, node_id text, node_type text, query text, result_name text, left_node text, right_node text, status text, '
     'result text, '
     'updated_at timestamp with time zone)', true),
    ('metrics', '',
     'TABLE(total_instances bigint, running_instances bigint, completed_instances bigint, failed_instances bigint, '
     'total_executions bigint, total_events bigint)', true),
    ('explain', 'input text', 'text', true),
    ('grant_usage', 'p_role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false', 'void', false),
    ('revoke_usage', 'p_role text', 'void', false),
    ('with_http_options', 'fut text, options jsonb', 'text', false),
    ('endpoint', 'server text, path text', 'df.http_endpoint', true),
    ('secret', 'server text, key text', 'jsonb', true),
    ('http', 'url df.http_endpoint, method text DEFAULT ''POST''::text, body text DEFAULT NULL::text, headers jsonb DEFAULT NULL::jsonb, '
             'timeout_seconds integer DEFAULT 30', 'text', false),
    ('http_multipart', 'url df.http_endpoint, method text DEFAULT ''POST''::text, parts jsonb DEFAULT NULL::jsonb, '
                       'headers jsonb DEFAULT NULL::jsonb, timeout_seconds integer DEFAULT 30', 'text', false),
    ('endpoint_option_validator', 'options text[], catalog oid', 'void', true),
    ('as_op', 'fut text, name text', 'text', false),
    ('loop_prefix_op', 'body text', 'text', false),
    ('if_then_op', 'condition text, then_branch text', 'text', false),
    ('if_else_op', 'partial_if text, else_branch text', 'text', false);

-- functions
SELECT w.function, w.arguments, w.result, w.strict, p.args, p.result, p.proisstrict
  FROM wanted w
  LEFT JOIN LATERAL (
        SELECT pg_get_function_arguments(p.oid) AS args, pg_get_function_result(p.oid) AS result, p.proisstrict FROM pg_proc p
         WHERE p.pronamespace = 'df'::regnamespace AND p.proname = w.function AND obj_description(p.oid, 'pg_proc') <> ''
           AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
         ORDER BY pg_get_function_arguments(p.oid) = w.arguments DESC LIMIT 1) p ON true
 WHERE (w.arguments, w.result, w.strict) IS DISTINCT FROM (p.args, p.result, p.proisstrict)
 ORDER BY 1, 2;

-- exactly one start; none of the helpers that went out of use
SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'df'::regnamespace AND p.proname = 'start';
SELECT to_regprocedure('df.debug_connection()'), to_regprocedure('df.ensure_durofut(text)');

-- names that may come to mean something there are free here
SELECT p.oid::regprocedure FROM pg_proc p
 WHERE p.pronamespace = 'df'::regnamespace
   AND p.proname IN ('wait_for_condition', 'instance_activity', 'catch', 'on_error', 'parallel', 'join_all', 'call_child',
                     'managed_identity_admin');
SELECT to_regclass('df.condition_waiters'), current_setting('pg_durable.max_retries', true);

-- columns, in their order, before ours
SELECT w.relation, w.columns, c.columns
  FROM (VALUES
        ('df.instances'::regclass, 'id character varying(8), label text, root_node character varying(8), status text, '
                                   'submitted_by regrole, database text, '
         'created_at timestamp with time zone, updated_at timestamp with time zone, completed_at timestamp with time zone'),
        ('df.nodes', 'id character varying(8), instance_id character varying(8), node_type text, query text, result_name text, '
                     'left_node character varying(8), '
         'right_node character varying(8), status text, result jsonb, error text, submitted_by regrole, database text, '
         'created_at timestamp with time zone, '
         'updated_at timestamp with time zone, status_details jsonb'),
        ('df.vars', 'name text, value text, owner regrole'),
        ('df._worker_epoch', 'epoch_id uuid, started_at timestamp with time zone, last_seen_at timestamp with time zone')
       ) w (relation, columns)
  JOIN LATERAL (
        SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) AS columns
          FROM pg_attribute a WHERE a.attrelid = w.relation AND a.attnum > 0 AND NOT a.attisdropped) c ON true
 WHERE NOT starts_with(c.columns, w.columns);

-- operators, in the extension's schema, of text
SELECT w.operator
  FROM (VALUES ('~>', 'df.seq'), ('|=>', 'df.as_op'), ('&', 'df."join"'), ('|', 'df.race'), ('?>', 'df.if_then_op'),
               ('!>', 'df.if_else_op')) w (operator, function)
 WHERE NOT EXISTS (
        SELECT FROM pg_operator o JOIN pg_extension e ON e.extname = 'pg_durable' AND e.extnamespace = o.oprnamespace
         WHERE o.oprname = w.operator AND o.oprleft = 'text'::regtype AND o.oprright = 'text'::regtype AND o.oprresult = 'text'::regtype
           AND o.oprcode::text = w.function);
SELECT o.oprnamespace::regnamespace, o.oprkind, o.oprcode FROM pg_operator o WHERE o.oprname = '@>' AND o.oprkind = 'l';

-- version, and a worker that is ready
SELECT extversion ~ '^\d+\.\d+\.\d+$' AND string_to_array(extversion, '.')::int[] >= '{0,2,8}',
       starts_with(df.version(), extversion || ' (built ')
  FROM pg_extension WHERE extname = 'pg_durable';
SELECT df.duroxide_schema(), (SELECT count(*) FROM _duroxide._worker_ready) AS ready;

-- what df.grant_usage gives is there as entries of each object
CREATE ROLE reference_user LOGIN;
SELECT df.grant_usage('reference_user');
SELECT has_schema_privilege('reference_user', 'df', 'USAGE'),
       has_function_privilege('reference_user', 'df.start(text, text, text, text)', 'EXECUTE'),
       has_function_privilege('reference_user', 'df.http(text, text, text, jsonb, integer)', 'EXECUTE'),
       has_function_privilege('reference_user', 'df.metrics()', 'EXECUTE');
SELECT relation, string_agg(name, ', ' ORDER BY name COLLATE "C")
  FROM (VALUES ('df.instances', '{id,label,root_node,submitted_by,database}'::text[]),
               ('df.nodes', '{id,instance_id,node_type,query,result_name,left_node,right_node,submitted_by,database}')) w (relation, names),
       unnest(names) name
 WHERE has_column_privilege('reference_user', relation, name, 'INSERT') AND has_table_privilege('reference_user', relation, 'SELECT')
 GROUP BY 1 ORDER BY 1;
SELECT has_column_privilege('reference_user', 'df.vars', 'name', 'SELECT'),
       has_column_privilege('reference_user', 'df.vars', 'value', 'SELECT'),
       has_column_privilege('reference_user', 'df.vars', 'owner', 'SELECT');

-- and writing by them is refused with the errors of a table, but for what the extension's owner may set
SET ROLE reference_user;
SELECT df.start('SELECT 1', 'reference') AS id \gset
-- every way to call the two that start something means one of them
SELECT bool_and(id ~ '^[0-9a-f]{8}$') FROM (VALUES
    (df.start('SELECT 1')), (df.start('SELECT 1', NULL)), (df.start('SELECT 1', 'l')), (df.start('SELECT 1', 'l', NULL)),
    (df.start('SELECT 1', 'l', 'postgres')),
    (df.start('SELECT 1', 'l', NULL, 'caller')), (df.start('SELECT 1', label => 'l')),
    (df.start(fut => 'SELECT 1', database => 'postgres', label => 'l')),
    (df.start('SELECT 1', transaction_mode => 'caller')), (df.start('SELECT 1' ~> 'SELECT 2', 'l', current_database(), 'caller'::text)),
    (df.start('SELECT 1'::varchar, 'l'::name, NULL::text)), (df.start(df.sql('SELECT 1'), '{"a":1}')),
    (df.start_graph('SELECT 1')), (df.start_graph('SELECT 1', '{"a":1}')), (df.start_graph('SELECT 1', '{"a":1}'::jsonb)),
    (df.start_graph('SELECT 1', jsonb_build_object('a', 1), 'l')),
    (df.start_graph('SELECT 1', NULL, 'l', NULL, NULL, NULL, 'caller', NULL)), (df.start_graph('SELECT 1', idempotency_key => 'k')),
    (df.start_graph(graph => 'SELECT 1', label => 'l'))) v (id);
PREPARE untyped AS SELECT df.start($1, $2) IS NOT NULL;
EXECUTE untyped('SELECT 1', 'l');
PREPARE untyped_three AS SELECT df.start($1, $2, $3) IS NOT NULL;
EXECUTE untyped_three('SELECT 1', NULL, NULL);
PREPARE untyped_input AS SELECT df.start_graph($1, $2) IS NOT NULL;
EXECUTE untyped_input('SELECT 1', '{"a":1}');
DEALLOCATE ALL;

INSERT INTO df.instances (id, root_node) VALUES ('NOTHEX!!', '00000000');
INSERT INTO df.instances (id, root_node, submitted_by) VALUES ('0123abcd', '00000000', 'postgres');
INSERT INTO df.instances (id, root_node, submitted_by) VALUES ('0123abcd', '00000000', 'reference_user');
INSERT INTO df.instances (id, status) VALUES ('0123abcd', 'completed');
DELETE FROM df.instances;
UPDATE df.instances SET status = 'completed';
UPDATE df.nodes SET result = '1';
BEGIN;
LOCK TABLE df.instances IN ROW EXCLUSIVE MODE;
ROLLBACK;
RESET ROLE;
UPDATE df.instances SET created_at = '2026-01-02', updated_at = '2026-01-02' WHERE id = :'id' RETURNING created_at = '2026-01-02' AS moved;
UPDATE df.instances SET status = 'completed' WHERE id = :'id';
SELECT status, created_at = '2026-01-02' AS moved FROM df.instances WHERE id = :'id';

-- a filter by status takes it in any case
SELECT (SELECT count(*) FROM df.list_instances('Pending')) > 0, (SELECT count(*) FROM df.list_instances('PENDING', 100, NULL)) > 0,
       (SELECT count(*) FROM df.list_instances('Pend'));

SELECT df.cancel(:'id') IS NOT NULL;

-- rights that a guide has an administrator give one by one do as well
CREATE ROLE by_hand LOGIN;
GRANT USAGE ON SCHEMA df TO by_hand;
GRANT SELECT ON df.instances, df.nodes TO by_hand;
SELECT has_function_privilege('by_hand', 'df.start(text, text, text, text)', 'EXECUTE');
GRANT INSERT (id, label, root_node, submitted_by, database) ON df.instances TO by_hand;
GRANT INSERT (id, instance_id, node_type, query, result_name, left_node, right_node, submitted_by, database) ON df.nodes TO by_hand;
GRANT SELECT, INSERT, UPDATE, DELETE ON df.vars TO by_hand;
SELECT has_function_privilege('by_hand', 'df.start(text, text, text, text)', 'EXECUTE'),
       has_function_privilege('by_hand', 'df.metrics()', 'EXECUTE'),
       has_function_privilege('by_hand', 'df.http(text, text, text, jsonb, integer)', 'EXECUTE'),
       has_table_privilege('by_hand', 'df.queue', 'INSERT');
SET ROLE by_hand;
SELECT df.start('SELECT 1' ~> 'SELECT 2', 'by hand') IS NOT NULL, df.setvar('a', 'b'), (SELECT count(*) FROM df.instances) AS own;
RESET ROLE;
SELECT df.revoke_usage('by_hand');
DROP OWNED BY by_hand;
DROP ROLE by_hand;

SELECT df.revoke_usage('reference_user');
DROP OWNED BY reference_user;
DROP ROLE reference_user;
