-- df.bulk. Its steps are called by hand, since no worker runs here, and everything is rolled back.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
BEGIN;
-- What a worker would do with the instance of a bulk: each batch until none is left.
CREATE FUNCTION pg_temp.drive(p_id text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_batch   record;
    v_batches integer := 0;
BEGIN
    SELECT NULL::text AS next, 0::bigint AS done, 0::bigint AS failed, 0::bigint AS seen, NULL::text AS last_error INTO v_batch;
    LOOP
        SELECT * INTO v_batch
          FROM df._bulk_batch(p_id, v_batch.next, v_batch.done, v_batch.failed, v_batch.seen, v_batch.last_error);
        v_batches := v_batches + 1;
        EXIT WHEN v_batch.next IS NULL;
    END LOOP;
    RETURN format('batches %s done %s failed %s seen %s, error %s; %s', v_batches, v_batch.done, v_batch.failed, v_batch.seen, v_batch.last_error,
                  df.state(p_id));
END
$$;
CREATE FUNCTION pg_temp.states(p_workflow text) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(i.label || CASE WHEN EXISTS (SELECT FROM df.submissions s JOIN df.pauses p ON p.instance_no = s.instance_no WHERE s.id = i.id)
                                      THEN ' paused' ELSE ' ' || i.status END, ', ' ORDER BY i.label)
      FROM df.instances i WHERE i.workflow = p_workflow
$$;
SET ROLE regress_user;
SELECT df.register_workflow('bulk-me', 'SELECT 1', 1), df.register_workflow('leave-me', 'SELECT 1', 1);
SELECT count(df.start_workflow('bulk-me', label => 'n' || n)) FROM generate_series(1, 7) n;
SELECT count(df.start_workflow('leave-me', label => 'n' || n)) FROM generate_series(1, 2) n;
-- what it would do
SELECT a, p.* FROM unnest(ARRAY['cancel', 'terminate', 'retry', 'pause', 'resume', 'signal', 'delete']) a, df.bulk_preview(a, 'workflow:bulk-me') p;
SELECT * FROM df.bulk_preview('cancel', 'workflow:bulk-me', 3);
SELECT * FROM df.bulk_preview('cancel', 'workflow:bulk-me status:failed');
-- pause and resume
SELECT df.bulk('pause', 'workflow:bulk-me -label:n7', batch_size => 2) AS bulk \gset
SELECT label, status FROM df.instances WHERE id = :'bulk';
SELECT pg_temp.drive(:'bulk');
SELECT pg_temp.states('bulk-me');
SELECT df.bulk_preview('pause', 'workflow:bulk-me'), df.bulk_preview('resume', 'workflow:bulk-me');
SELECT pg_temp.drive(df.bulk('resume', 'workflow:bulk-me'));
SELECT pg_temp.states('bulk-me');
-- signals
SELECT pg_temp.drive(df.bulk('signal', 'workflow:bulk-me label:n1 label:n2', signal_name => 'it''s', signal_data => '{"a": "$(x) ''; {b}"}'));
SELECT s.name, s.data FROM df.signals s;
-- what starts afterwards is left alone, and so are other bulks
SELECT df.bulk('cancel', '', 'closing down') AS all1, df.bulk('cancel', 'status:pending status:running') AS all2 \gset
SELECT df.start_workflow('leave-me', label => 'later') AS later \gset
SELECT pg_temp.drive(:'all1');
SELECT pg_temp.states('bulk-me'), pg_temp.states('leave-me');
SELECT count(*), min(status) FROM df.instances WHERE starts_with(label, 'bulk ');
SELECT replace(min(df.error(id)), :'all1', '<bulk>') FROM df.instances WHERE workflow = 'bulk-me';
SELECT pg_temp.drive(:'all2');
-- one row for the request, and one for each instance
SELECT action, name, detail FROM df.audit WHERE action = 'bulk' ORDER BY audit_no DESC LIMIT 3;
SELECT action, count(*), count(DISTINCT instance_id) FROM df.audit WHERE replace(detail, :'all1', '<bulk>') = 'closing down (bulk <bulk>)' GROUP BY 1;
-- retry
RESET ROLE;
UPDATE df.outcomes o SET status = 'failed' FROM df.submissions s WHERE s.instance_no = o.instance_no AND s.workflow = 'bulk-me' AND s.label < 'n4';
SET ROLE regress_user;
SELECT pg_temp.drive(df.bulk('retry', 'workflow:bulk-me'));
SELECT pg_temp.states('bulk-me');
-- one that fails doesn't stop the others
SELECT count(df.start_workflow('bulk-me', label => 'm' || n)) FROM generate_series(1, 5) n;
RESET ROLE;
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'not this one';
END
$$;
SELECT instance_no AS third FROM df.submissions WHERE workflow = 'bulk-me' AND label = 'm3' \gset
CREATE TRIGGER refuse BEFORE INSERT ON df.cancellations FOR EACH ROW WHEN (NEW.instance_no = :third) EXECUTE FUNCTION pg_temp.refuse();
SET ROLE regress_user;
SELECT pg_temp.drive(df.bulk('cancel', 'workflow:bulk-me label:m1 label:m2 label:m3 label:m4', batch_size => 3));
SELECT pg_temp.states('bulk-me');
-- a child goes with its parent, before which it would be found
RESET ROLE;
DROP TRIGGER refuse ON df.cancellations;
UPDATE df.submissions c SET parent_no = p.instance_no, parent_node = 0, parent_path = ''
  FROM df.submissions p WHERE p.workflow = 'bulk-me' AND p.label = 'm3' AND c.workflow = 'bulk-me' AND c.label = 'm5';
SET ROLE regress_user;
SELECT df.bulk_preview('cancel', 'workflow:bulk-me label:m3 label:m5'), df.bulk_preview('cancel', 'workflow:bulk-me label:m5');
-- Both started at the same time, so chance decides whether the child is looked at before it is gone.
SELECT substring(pg_temp.drive(df.bulk('terminate', 'workflow:bulk-me label:m3 label:m5', batch_size => 1)) FROM 'done \d+ failed \d+');
SELECT pg_temp.states('bulk-me');
-- delete: all that there is of ended instances, and nothing of others
SELECT df.bulk_preview('delete', 'workflow:bulk-me');
SELECT count(df.tag(id, 'k', 'v')) FROM df.instances WHERE workflow = 'bulk-me';
SELECT s.instance_no AS running FROM df.submissions s WHERE s.workflow = 'bulk-me' AND s.label = 'n1' \gset
INSERT INTO df.deletions (instance_no) VALUES (:running);
SELECT pg_temp.drive(df.bulk('delete', 'workflow:bulk-me', batch_size => 2));
SELECT pg_temp.states('bulk-me');
SELECT action, count(*) FROM df.audit WHERE action = 'delete' GROUP BY 1;
RESET ROLE;
SELECT count(*) FROM df.outcomes o WHERE NOT EXISTS (SELECT FROM df.submissions s WHERE s.instance_no = o.instance_no);
SELECT count(*) FROM df.tags t WHERE NOT EXISTS (SELECT FROM df.submissions s WHERE s.instance_no = t.instance_no);
SELECT count(*) FROM df.cancellations c WHERE NOT EXISTS (SELECT FROM df.submissions s WHERE s.instance_no = c.instance_no);
SELECT count(*) FROM df.deletions;
-- another role sees, counts and changes nothing of it
SET ROLE regress_http;
SELECT df.bulk_preview('cancel', '');
SELECT pg_temp.drive(df.bulk('cancel', ''));
SELECT count(*) FROM df.bulks WHERE requested_by <> 'regress_http'::regrole;
SAVEPOINT a;
INSERT INTO df.deletions (instance_no) VALUES (:running);
ROLLBACK TO a;
INSERT INTO df.deletions (instance_no, requested_by) VALUES (:running, 'regress_user');
ROLLBACK TO a;
SELECT count(*) FROM df.deletions;
ROLLBACK TO a;
INSERT INTO df.bulks (instance_no, action, query) VALUES (:running, 'cancel', '');
ROLLBACK TO a;
SELECT df.start('SELECT 1') AS own \gset
SELECT instance_no AS own_no FROM df.submissions WHERE id = :'own' \gset
INSERT INTO df.bulks (instance_no, action, query) VALUES (:own_no, 'cancel', '');
ROLLBACK TO a;
INSERT INTO df.bulks (instance_no, action, query, expected) VALUES (1, 'cancel', '', 0);
ROLLBACK TO a;
UPDATE df.bulks SET query = '';
ROLLBACK TO a;
\set VERBOSITY sqlstate
SELECT df._bulk_batch(:'bulk', NULL, 0, 0, 0, NULL);
ROLLBACK TO a;
\set VERBOSITY default
RESET ROLE;
SELECT status FROM df.instances WHERE id = :'later';
-- what it refuses
SET ROLE regress_user;
CREATE FUNCTION pg_temp.refused(p_call text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_hint text;
BEGIN
    EXECUTE 'SELECT ' || p_call;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
    RETURN SQLSTATE || ' ' || SQLERRM || ' - ' || v_hint;
END
$$;
SELECT pg_temp.refused(c) FROM unnest(ARRAY[
    $$df.bulk('destroy', '')$$, $$df.bulk(NULL, '')$$, $$df.bulk('cancel', NULL)$$, $$df.bulk('cancel', 'status:gone')$$,
    $$df.bulk('cancel', 'x''; DROP TABLE df.tags; --')$$, $$df.bulk('cancel', '', batch_size => 0)$$, $$df.bulk('cancel', '', batch_size => 10001)$$,
    $$df.bulk('cancel', '', batch_size => NULL)$$, $$df.bulk('cancel', '', repeat('x', 1001))$$, $$df.bulk('signal', '')$$, $$df.bulk('signal', '', signal_name => '')$$,
    $$df.bulk('cancel', '', signal_name => 'x')$$, $$df.bulk('cancel', '', signal_data => 'x')$$, $$df.bulk('signal', '', signal_name => 'x', signal_data => '{"a": "\u0000"}')$$,
    $$df.bulk_preview('destroy', '')$$, $$df.bulk_preview('cancel', '', 0)$$]) c;
-- the graph without a request
\set VERBOSITY sqlstate
SELECT df._bulk_batch(df.start(df._bulk_graph()), NULL, 0, 0, 0, NULL);
ROLLBACK;
