-- What an instance publishes about itself.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
SELECT df.start_graph('SELECT 1') AS id, df.start_graph('SELECT 2') AS other \gset
RESET ROLE;
UPDATE df.submissions SET id = 'a0000001' WHERE id = :'id' RETURNING id, instance_no \gset
SET ROLE regress_user;
SELECT df.state(:'id'), df.state('00000000'), df.state(NULL);
-- the latest one counts; the owner may publish outside of a step, too
SELECT df.publish(:'id', '{"done": 1}'), df.publish(:'id', '{"done": 2, "of": [3]}');
SELECT df.state(:'id'), df.state(:'other');
SELECT df.publish(:'id', NULL);
SELECT df.state(:'id');
SELECT df.publish(:'id', to_jsonb('text'::text));
SELECT df.state(:'id');
SELECT count(*), bool_and(published_at <= clock_timestamp()) FROM df.published_state;
-- in another order, and rolled back
BEGIN;
SELECT df.publish(value => '5', instance_id => :'id');
ROLLBACK;
SELECT df.state(:'id');
\set VERBOSITY terse
SELECT df.publish('00000000', '1');
SELECT df.publish(NULL, '1');
-- as large as a result
SELECT df.publish(:'id', to_jsonb(repeat('x', 16777217)));
SELECT length(df.state(:'id') #>> '{}');
INSERT INTO df.published_state (instance_no, value)
SELECT instance_no, to_jsonb(repeat('x', 16777217)) FROM df.submissions WHERE id = :'other';
-- nobody else's
RESET ROLE;
SET ROLE regress_http;
SELECT df.state(:'id');
SELECT count(*) FROM df.published_state;
SELECT df.publish(:'id', '"stolen"');
INSERT INTO df.published_state (instance_no, value) VALUES (:instance_no, '1') ON CONFLICT (instance_no) DO UPDATE SET value = '1';
INSERT INTO df.published_state (instance_no, value) VALUES (:instance_no, '1') ON CONFLICT DO NOTHING;
UPDATE df.published_state SET value = '1';
DELETE FROM df.published_state;
RESET ROLE;
SET ROLE regress_nobody;
SELECT df.state(:'id');
SELECT df.publish(:'id', '1');
RESET ROLE;
-- an instance that has ended publishes nothing more, and what it published stays
SET ROLE regress_user;
SELECT df.cancel(:'id') IS NULL;
SELECT df.publish(:'id', '1');
SELECT df.state(:'id');
UPDATE df.published_state SET instance_no = 1;
RESET ROLE;
