-- Older workers are refused where they can't work.
-- A change that older workers or packages can't work with raises this. It must never exceed the release before.
CREATE FUNCTION df._oldest_version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '0.9.0'::text
$function$;
COMMENT ON FUNCTION df._oldest_version() IS 'Internal: the oldest version of the worker and of the packages that work with this schema.';

-- A worker is alive as long as the session that registered it holds this advisory lock. A killed process loses its session, and with it
-- the lock, at once: nobody has to wait for a lease to run out.
CREATE OR REPLACE FUNCTION df._worker_register(p_host text, p_pid integer, p_version text,
                                    p_silence_limit interval DEFAULT '15 seconds') RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_worker integer;
BEGIN
    PERFORM df._require_worker();
    IF pg_is_in_recovery() THEN
        RETURN NULL;
    END IF;
    -- It waits then, and says why in its log, instead of failing in the middle of an instance.
    IF p_version ~ '^\d+\.\d+\.\d+$' AND string_to_array(p_version, '.')::int[] < string_to_array(df._oldest_version(), '.')::int[] THEN
        RAISE EXCEPTION 'a worker of version % cannot work with schema df of version %, which needs at least %', p_version,
            split_part(df.version(), ' ', 1), df._oldest_version()
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Install the new worker.';
    END IF;
    LOOP
        INSERT INTO df.workers (host, pid, version, silence_limit) VALUES (p_host, p_pid, p_version, p_silence_limit)
            RETURNING worker_id INTO v_worker;
        EXIT WHEN pg_try_advisory_lock(df._worker_lock_class(), v_worker);
        -- Anybody may take any advisory lock. That costs a worker number, but must not keep a worker waiting.
        DELETE FROM df.workers w WHERE w.worker_id = v_worker;
    END LOOP;
    RETURN v_worker;
END
$function$;
COMMENT ON FUNCTION df._worker_register(text, integer, text, interval) IS
    'Internal: registers a worker and returns its number; NULL on a standby.';

CREATE OR REPLACE FUNCTION df.version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '@VERSION@ (built @BUILT@)'::text
$function$;
COMMENT ON FUNCTION df.version() IS 'Version of the schema and when it was built.';

-- What is new is granted to the roles that have what was there before.
-- An update may bring functions and relations that those which a role has already call, so the role needs them in the same moment.
-- New is what this transaction has made and nobody but its owner has. The grants are made after the update's script: what a script grants
-- is part of the extension, and in no dump.
CREATE FUNCTION df._grant_new() RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_new   record;
BEGIN
    FOR v_new IN
        SELECT format('EXECUTE ON FUNCTION %s', f.new::regprocedure) AS what, g.grantee::regrole AS role,
               CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option
          -- Whoever has the function on the right gets the new ones of its kind.
          FROM (SELECT unnest(df._user_functions()), 'df.start(text, text, text, text)'::regprocedure
                UNION ALL SELECT unnest(df._http_functions()), 'df.http(text, text, text, jsonb, integer)'::regprocedure
                UNION ALL SELECT unnest(df._admin_functions()), 'df.grant_usage(text, boolean, boolean)'::regprocedure) f (new, known)
          JOIN pg_proc p ON p.oid = f.new
          JOIN pg_proc k ON k.oid = f.known
         CROSS JOIN LATERAL aclexplode(k.proacl) g
         WHERE df._is_in_progress(p.xmin) AND g.grantee NOT IN (0, k.proowner)
           AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner)
        UNION ALL
        SELECT format('%s ON %s', u.privilege, u.relation), g.grantee::regrole,
               CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
          FROM df._user_privileges() u
          JOIN pg_class c ON c.oid = u.relation
          JOIN pg_proc k ON k.oid = 'df.start(text, text, text, text)'::regprocedure
         CROSS JOIN LATERAL aclexplode(k.proacl) g
         WHERE df._is_in_progress(c.xmin) AND g.grantee NOT IN (0, k.proowner)
    LOOP
        EXECUTE format('GRANT %s TO %s', v_new.what, v_new.role) || v_new.option;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._grant_new() IS
    'Internal: grants what an update has brought to the roles that have what was there before.';

-- More than one machine.
-- Citus is found by what its extension consists of, never by name: anybody may create a function of that name, but only a superuser an
-- extension. All arguments are given, so that no other function of the same name fits better.
CREATE FUNCTION df._on_all_nodes(p_command text) RETURNS TABLE (node integer, address text, success boolean, result text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_run   text;
    v_nodes text;
BEGIN
    SELECT max(format('%I.%I', p.pronamespace::regnamespace::name, p.proname))
               FILTER (WHERE p.proname = 'run_command_on_all_nodes' AND oidvectortypes(p.proargtypes) = 'text, boolean, boolean'),
           max(format('%I.%I', c.relnamespace::regnamespace::name, c.relname)) FILTER (WHERE c.relname = 'pg_dist_node')
      INTO v_run, v_nodes
      FROM pg_extension e
      JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
      LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
     WHERE e.extname = 'citus';
    IF v_run IS NULL OR v_nodes IS NULL THEN
        RAISE EXCEPTION 'database "%" has no extension citus with run_command_on_all_nodes, so it has no other nodes', current_database()
            USING ERRCODE = 'feature_not_supported',
                  HINT = 'On a single server, use df.grant_usage, df.revoke_usage and df.list_instances.';
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT r.nodeid, COALESCE(n.nodename || '':'' || n.nodeport, ''this node''), r.success, r.result '
        'FROM %s($1, true, false) r LEFT JOIN %s n ON n.nodeid = r.nodeid ORDER BY r.nodeid', v_run, v_nodes)
        USING p_command;
END
$function$;
COMMENT ON FUNCTION df._on_all_nodes(text) IS 'Internal: runs a statement on every node of a Citus cluster, as the caller.';

-- Each node commits for itself. So first every node is asked whether it can do it.
CREATE FUNCTION df._change_all_nodes(p_role text, p_command text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_failed text;
    v_done   text;
BEGIN
    SELECT string_agg(format('%s: %s', n.address, n.result), '; ') INTO v_failed
      FROM df._on_all_nodes(format(
               'SELECT CASE WHEN pg_catalog.to_regrole(%L) IS NULL THEN %L '
               'WHEN NOT pg_catalog.has_schema_privilege(''df'', ''USAGE WITH GRANT OPTION'') THEN ''permission denied for schema df'' '
               'ELSE ''ready'' END', quote_ident(p_role), format('role "%s" does not exist', p_role))) n
     WHERE NOT n.success OR n.result IS DISTINCT FROM 'ready';
    IF v_failed IS NOT NULL THEN
        RAISE EXCEPTION 'nothing was changed on any node, because not all are ready: %', v_failed
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    SELECT string_agg(format('%s: %s', n.address, n.result), '; ') FILTER (WHERE NOT n.success),
           string_agg(n.address, ', ') FILTER (WHERE n.success)
      INTO v_failed, v_done
      FROM df._on_all_nodes(p_command) n;
    IF v_failed IS NOT NULL THEN
        RAISE EXCEPTION 'failed on some nodes: %', v_failed
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('Done, and not undone, on %s.', COALESCE(v_done, 'none')),
                  HINT = 'Call the function again when these nodes are back: to do it twice on a node changes nothing.';
    END IF;
END
$function$;
COMMENT ON FUNCTION df._change_all_nodes(text, text) IS
    'Internal: runs a statement that concerns a role on every node, if all nodes can run it.';

CREATE FUNCTION df.grant_usage_on_all_nodes(role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false)
RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._change_all_nodes(role, format('SELECT df.grant_usage(%L, %L, %L)', role, include_http, with_grant))
$function$;
COMMENT ON FUNCTION df.grant_usage_on_all_nodes(text, boolean, boolean) IS
    'Calls df.grant_usage on every node of a Citus cluster. Commits there at once.';

CREATE FUNCTION df.revoke_usage_on_all_nodes(role text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._change_all_nodes(role, format('SELECT df.revoke_usage(%L)', role))
$function$;
COMMENT ON FUNCTION df.revoke_usage_on_all_nodes(text) IS
    'Calls df.revoke_usage on every node of a Citus cluster. Commits there at once.';

CREATE FUNCTION df.list_instances_on_all_nodes(status_filter text DEFAULT NULL, limit_count integer DEFAULT 100,
                                               label_filter text DEFAULT NULL, skip_unreachable boolean DEFAULT false)
RETURNS TABLE (node integer, address text, instance_id text, label text, status text, execution_count bigint, output text,
               created_at timestamptz, completed_at timestamptz)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_answers json := '[]';
    v_node    record;
BEGIN
    SELECT json_agg(n) INTO v_answers
      FROM df._on_all_nodes(format('SELECT COALESCE(pg_catalog.json_agg(l), ''[]'') FROM df.list_instances(%L, %L, %L) l',
                                   status_filter, df._list_limit(limit_count), label_filter)) n;
    FOR v_node IN SELECT n.* FROM json_to_recordset(v_answers) n (address text, success boolean, result text) WHERE NOT n.success LOOP
        IF NOT skip_unreachable THEN
            RAISE EXCEPTION 'node % did not answer: %', v_node.address, v_node.result
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'skip_unreachable => true lists the instances of the others.';
        END IF;
        RAISE WARNING 'node % did not answer, so its instances are missing: %', v_node.address, v_node.result;
    END LOOP;

    RETURN QUERY
    SELECT n.node, n.address, i.instance_id, i.label, i.status, i.execution_count, i.output, i.created_at, i.completed_at
      FROM json_to_recordset(v_answers) n (node integer, address text, success boolean, result text)
     CROSS JOIN LATERAL json_to_recordset(CASE WHEN n.success THEN n.result::json ELSE '[]' END) i (
               instance_id text, label text, status text, execution_count bigint, output text, created_at timestamptz,
               completed_at timestamptz)
     ORDER BY i.created_at DESC, n.node
     LIMIT df._list_limit(limit_count);
END
$function$;
COMMENT ON FUNCTION df.list_instances_on_all_nodes(text, integer, text, boolean) IS
    'Your instances on every node of a Citus cluster, newest first. An id is unique on its node only.';

-- What a granted role may execute: the functions that it calls, and those that they call in its name. The HTTP composers are in
-- df._http_functions. It is longer than other functions because it is a list.
CREATE OR REPLACE FUNCTION df._user_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df._as_node(text, boolean)',
        'df._asked_result(bigint, df._execution[], df._execution, integer[])',
        'df._branches(text, text[])',
        'df._break_value(text)',
        'df._bulk_applies(text, df._search, bigint)',
        'df._bulk_batch(text, text, bigint, bigint, bigint, text)',
        'df._bulk_count(text, df._search, bigint, integer)',
        'df._bulk_graph()',
        'df._bulk_one(df.bulks, bigint, text)',
        'df._bulk_page(df.bulks, df._search, bigint[], text, boolean)',
        'df._bulk_search(text, text)',
        'df._called(df._step)',
        'df._chain(df._step[], integer)',
        'df._check_move(bigint, text)',
        'df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json)',
        'df._compact(text)',
        'df._config_node(text, text, text)',
        'df._config_problem(text, jsonb)',
        'df._counterparts(df._step[], df._step[], integer[])',
        'df._cron_defect(text)',
        'df._cron_value(integer, text)',
        'df._cursor(timestamptz, text)',
        'df._cursor_place(text)',
        'df._end_of_branches(bigint, df._execution[], df._execution, integer[], text)',
        'df._end_of_if(bigint, df._execution[], df._execution, integer[])',
        'df._end_of_loop(bigint, df._execution[], df._execution)',
        'df._end_of_retry(bigint, df._execution[], df._execution)',
        'df._end_of_sequence(df._execution[], df._execution)',
        'df._endpoint_problem(text, text)',
        'df._endpoints(text[])',
        'df._execution_count(bigint)',
        'df._executions(bigint)',
        'df._explain(text, text)',
        'df._explain_envelope(text)',
        'df._explain_instance(text)',
        'df._explain_node(text, text, text, text[], integer)',
        'df._explain_title(text, text)',
        'df._explain_tree(text, text[])',
        'df._flatten(text)',
        'df._fold(bigint)',
        'df._foreach_problem(jsonb)',
        'df._found(df._search, bigint, timestamptz, text)',
        'df._graph_limit(text)',
        'df._graph_nodes(text)',
        'df._has_bound(df._execution[], integer, integer)',
        'df._http_disabled()',
        'df._http_node(text, text, text, text, jsonb, integer, text)',
        'df._http_options_problem(text, jsonb)',
        'df._http_problem(text, jsonb)',
        'df._instance_no(text)',
        'df._is_composed(text)',
        'df._is_in_progress(xid)',
        'df._is_reference(text)',
        'df._is_retryable(text, text, boolean)',
        'df._is_true(json)',
        'df._jsonb(json)',
        'df._list_limit(integer)',
        'df._listed(text, integer, text, timestamptz, text)',
        'df._loop_failures(bigint, text, integer, json, integer)',
        'df._message(json)',
        'df._moment_problem(jsonb)',
        'df._move_levels(bigint, df._step[])',
        'df._move_obstacle(bigint, df._step[], integer[])',
        'df._moved_path(text, integer[])',
        'df._moved_rows(bigint, integer, df._step[], df._step[], integer[])',
        'df._node_defect(jsonb)',
        'df._node_id(integer)',
        'df._node_named(text, text)',
        'df._node_problem(integer, text, text, text, text[], integer, text)',
        'df._node_query(text, text, integer[])',
        'df._node_states(bigint)',
        'df._node_title(df._step)',
        'df._node_types()',
        'df._number_problem(text, jsonb, numeric, numeric, boolean)',
        'df._on_all_nodes(text)',
        'df._one_line(text, integer)',
        'df._output(bigint)',
        'df._outside_result(bigint, text)',
        'df._parse_node(text, boolean, boolean)',
        'df._parts_problem(jsonb)',
        'df._plain(json)',
        'df._prefix_error(json, text)',
        'df._renew_sources(bigint, text[])',
        'df._results_of(bigint, df._execution[], df._execution)',
        'df._retry_node(text, integer, text, numeric, numeric, text[], boolean)',
        'df._retry_problem(jsonb)',
        'df._root_type(bigint)',
        'df._row_count(json)',
        'df._running_versions()',
        'df._schedule_defect(text, text, text, text, text, text, integer, jsonb)',
        'df._schedule_problem(jsonb)',
        'df._scheme_problem(text)',
        'df._search_among(df._search, bigint[], bigint, timestamptz, text)',
        'df._search_candidates(df._search, regrole[])',
        'df._search_error(integer, text, text)',
        'df._search_matches(bigint, df._search)',
        'df._search_moment(integer, text, text)',
        'df._search_query(text)',
        'df._search_roles()',
        'df._search_scan(df._search, regrole[], bigint, bigint, timestamptz, text)',
        'df._search_terms(text)',
        'df._search_words()',
        'df._seconds(text)',
        'df._secret_problem(text, text)',
        'df._secrets_problem(text, jsonb)',
        'df._sequence(text)',
        'df._shape_problem(text, text, text[], integer)',
        'df._signal_node(text, text)',
        'df._source(json, text[])',
        'df._sources_problem(text, text[])',
        'df._span(interval)',
        'df._start_in_new_transaction(text, text, text, jsonb, text, timestamptz, text[])',
        'df._start_known(text, text, integer, text, jsonb, text, timestamptz, text[])',
        'df._start_problem(regrole)',
        'df._step_name(text, text)',
        'df._store_graph(text, text[])',
        'df._submit(text, integer, text, text, text, jsonb, text, timestamptz, text[])',
        'df._task_lanes(text[], text)',
        'df._task_lease(interval)',
        'df._task_lost(bigint, uuid)',
        'df._texts(jsonb)',
        'df._timeout_error(text)',
        'df._timeout_problem(jsonb)',
        'df._timezone_problem(text)',
        'df._tree(text)',
        'df._unbound_names(text)',
        'df._unbound_references(text)',
        'df._undoing(df._execution[])',
        'df._until(timestamptz)',
        'df._unusable_json(text)',
        'df._validate(text)',
        'df._waits(json, timestamptz, timestamptz, timestamptz)',
        'df._why(bigint, integer)',
        'df._why_blocked(integer[])',
        'df._why_call(bigint, text, integer, text, integer)',
        'df._why_due(bigint)',
        'df._why_ended(bigint, text, timestamptz, jsonb)',
        'df._why_retry(bigint, integer, text, text)',
        'df._why_running(bigint)',
        'df._why_statement(text, text)',
        'df._why_task(bigint, text, integer, text)',
        'df._why_wait(bigint, text, text, timestamptz, integer, text, integer)',
        'df._with_member(text, text, json)',
        'df._with_source(json, text[])',
        'df._workers_seen()',
        'df._workflow(regrole, text, integer)',
        'df.activity(text, jsonb, text)',
        'df.as(text, text)',
        'df.as_op(text, text)',
        'df.await_instance(text, integer)',
        'df.break(text)',
        'df.bulk(text, text, text, text, text, integer)',
        'df.bulk_preview(text, text, integer)',
        'df.call(text, jsonb, integer)',
        'df.cancel(text, text)',
        'df.claim_tasks(text[], integer, interval, text)',
        'df.clearvars()',
        'df.complete_task(bigint, uuid, json)',
        'df.complete_tasks(bigint[], uuid[], json[])',
        'df.drop_workflow_version(text, integer)',
        'df.endpoint(text, text)',
        'df.error(text)',
        'df.explain(text)',
        'df.export_history(text)',
        'df.extend_task(bigint, uuid, interval, json)',
        'df.fail(text, text)',
        'df.fail_task(bigint, uuid, text, text, boolean)',
        'df.foreach(text, text, text, integer)',
        'df.fork(text, text, integer, text)',
        'df.getvar(text)',
        'df.grant_tasks(text, text)',
        'df.health()',
        'df.history(text)',
        'df.if(text, text, text)',
        'df.if_else_op(text, text)',
        'df.if_rows(text, text, text)',
        'df.if_then_op(text, text)',
        'df.instance_executions(text, integer)',
        'df.instance_info(text)',
        'df.instance_nodes(text)',
        'df.instance_nodes(text, integer)',
        'df.join(text, text)',
        'df.join(text[])',
        'df.join3(text, text, text)',
        'df.list_instances(text, integer)',
        'df.list_instances(text, integer, text, text)',
        'df.list_instances_on_all_nodes(text, integer, text, boolean)',
        'df.loop(text, text, boolean)',
        'df.loop_prefix_op(text)',
        'df.migrate_instances(text, integer, integer, boolean)',
        'df.move_problem(text, text)',
        'df.pace(text, integer)',
        'df.pause(text)',
        'df.pause_schedule(text)',
        'df.publish(text, jsonb)',
        'df.race(text, text)',
        'df.race(text[])',
        'df.register_workflow(text, text, integer, text, text[], boolean)',
        'df.release_task(bigint, uuid, interval)',
        'df.result(text)',
        'df.resume(text)',
        'df.resume_schedule(text)',
        'df.retry(text, integer, numeric, numeric, numeric, text[], boolean)',
        'df.retry(text, integer, text, numeric, numeric, text[], boolean)',
        'df.retry_instance(text)',
        'df.revoke_tasks(text, text)',
        'df.run(text)',
        'df.schedule(text, text, text, jsonb, text, text, text, integer, integer)',
        'df.search(text, integer, text)',
        'df.search_count(text, integer)',
        'df.secret(text, text)',
        'df.seq(text, text)',
        'df.setvar(text, text)',
        'df.signal(text, text, text)',
        'df.sleep(bigint)',
        'df.sleep(double precision)',
        'df.sleep(text)',
        'df.sleep_until(text)',
        'df.sleep_until(timestamptz)',
        'df.sql(text)',
        'df.start(text, text, text, text)',
        'df.start_graph(text, jsonb, text, text, timestamptz, text, text, text[])',
        'df.start_many(text, jsonb[], text[], text[], integer, timestamptz)',
        'df.start_workflow(text, jsonb, text, text, integer, timestamptz)',
        'df.state(text)',
        'df.status(text)',
        'df.tag(text, jsonb)',
        'df.tag(text, text, text)',
        'df.tags_of(text)',
        'df.target_database()',
        'df.terminate(text, text)',
        'df.timeout(text, numeric)',
        'df.try(text, text, text)',
        'df.undo_on_cancel(text)',
        'df.unschedule(text)',
        'df.unsetvar(text)',
        'df.url_encode(text)',
        'df.version()',
        'df.wait_for_completion(text, integer)',
        'df.wait_for_schedule(text)',
        'df.wait_for_schedule(text, text)',
        'df.wait_for_signal(text, double precision)',
        'df.wait_for_signal(text, integer)',
        'df.wait_for_signal(text, text)',
        'df.watch(text)',
        'df.watch_tasks(text[], text)',
        'df.why(text)',
        'df.with_http_options(text, jsonb)',
        'df.with_undo(text, text)'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._user_functions() IS 'Internal: the functions that df.grant_usage grants.';

CREATE OR REPLACE FUNCTION df._admin_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df.grant_usage(text, boolean, boolean)', 'df.revoke_usage(text)', 'df.metrics()',
        'df.grant_usage_on_all_nodes(text, boolean, boolean)', 'df.revoke_usage_on_all_nodes(text)',
        'df._admin_functions()', 'df._change_all_nodes(text, text)', 'df._audit(name, text, name, text, text)',
        'df._http_functions()', 'df._user_functions()', 'df._user_privileges()'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._admin_functions() IS 'Internal: the functions that df.grant_usage also grants if with_grant is true.';

REVOKE ALL ON FUNCTION df._oldest_version(), df._grant_new(), df._on_all_nodes(text), df._change_all_nodes(text, text),
    df.grant_usage_on_all_nodes(text, boolean, boolean), df.revoke_usage_on_all_nodes(text),
    df.list_instances_on_all_nodes(text, integer, text, boolean) FROM PUBLIC;
