-- What a granted role may execute: what it calls, and what those functions call in its name.
CREATE FUNCTION df._user_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        -- compose
        'df.sql(text)', 'df.seq(text, text)', 'df.as(text, text)', 'df.as_op(text, text)',
        'df._as_node(text, boolean)', 'df._node_types()', 'df._node_defect(jsonb)', 'df._flatten(text)', 'df._validate(text)', 'df._step_name(text, text)',
        -- start
        'df.start(text, text, text, text, jsonb, text, timestamptz)', 'df.start_workflow(text, jsonb, text, text, integer, timestamptz)',
        'df.register_workflow(text, text, integer, text)', 'df.drop_workflow_version(text, integer)',
        'df.setvar(text, text)', 'df.getvar(text)', 'df.unsetvar(text)', 'df.clearvars()',
        'df._store_graph(text)', 'df._workflow(regrole, text, integer)',
        'df._submit(text, integer, text, text, text, jsonb, text, timestamptz)',
        -- control
        'df.cancel(text, text)', 'df.signal(text, text, text)', 'df.pause(text)', 'df.resume(text)', 'df.retry_instance(text)', 'df.run(text)',
        'df.await_instance(text, integer)', 'df.wait_for_completion(text, integer)', 'df._instance_no(text)',
        -- look
        'df.status(text)', 'df.result(text)', 'df.error(text)', 'df.list_instances(text, integer)', 'df.history(text)',
        'df.version()', 'df.target_database()',
        -- run
        'df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json)'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._user_functions() IS 'Internal: the functions that df.grant_usage gives.';
