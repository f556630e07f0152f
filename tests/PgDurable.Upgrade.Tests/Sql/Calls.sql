-- One call or more of each group of functions, as an application makes them.
SELECT df.version(), df.health(), df.target_database();
SELECT df.explain(df.join('SELECT 1', df.race('SELECT 2', df.sleep(1)))
                  ~> df.if('SELECT true', df.http('http://127.0.0.1/', 'GET'), 'SELECT 1'));
SELECT df.start('SELECT 1', 'one', transaction_mode => 'new');
SELECT df.setvar('v', '1'), df.getvar('v'), df.unsetvar('v');
SELECT df.register_workflow('calls', df.wait_for_signal('go') ~> 'SELECT 1 AS n' |=> 'n1', 1, replace => true);
SELECT df.start_many('calls', ARRAY['{}', '{}']::jsonb[], ARRAY['many-called', 'many-called']);
SELECT df.start_workflow('calls', '{"n": 1}', 'called') AS id \gset
SELECT df.tag(:'id', 'a', 'b'), df.tags_of(:'id'), df.publish(:'id', '{"n": 1}'), df.state(:'id'), df.watch(:'id');
SELECT df.pause(:'id'), df.why(:'id'), df.resume(:'id'), df.signal(:'id', 'go'), df.status(:'id');
SELECT df.await_instance(:'id'), df.result(:'id'), df.error(:'id'), df.wait_for_completion(:'id');
SELECT df.history(:'id'), df.export_history(:'id'), df.instance_info(:'id'), df.instance_nodes(:'id'), df.instance_executions(:'id');
SELECT df.list_instances('running', 2), df.search('label:called', 2), df.search_count('label:called'), df.fork(:'id', 'n1');
SELECT df.schedule('later', '@yearly', 'calls'), df.pause_schedule('later'), df.resume_schedule('later'), df.unschedule('later');
SELECT df.start(df.activity('called') ~> 'SELECT 1') AS id \gset
SELECT df.grant_tasks('called', 'app'), df.revoke_tasks('called', 'app'), df.claim_tasks('{none}'), df.watch_tasks('{none}');
SELECT df.cancel(:'id'), df.await_instance(:'id');
SELECT df.start(df.wait_for_signal('never'), 'called') AS id \gset
SELECT df.terminate(:'id'), df.await_instance(:'id');
SELECT df.bulk('cancel', 'label:many-called') AS id \gset
SELECT df.await_instance(:'id') = 'completed' AS done \gset
\if :done
\else
    SELECT 1 / 0 AS "df.bulk did not complete";
\endif
SELECT count(*) FROM df.instances; SELECT count(*) FROM df.nodes; SELECT count(*) FROM df.running; SELECT count(*) FROM df.waiting;
SELECT count(*) FROM df.failed; SELECT count(*) FROM df.failures; SELECT count(*) FROM df.workflows; SELECT count(*) FROM df.tasks;
SELECT count(*) FROM df.schedules; SELECT count(*) FROM df.audit;
