-- What a granted role may execute: what it calls, and what those functions call in its name.
CREATE FUNCTION df._user_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df.sql(text)', 'df.seq(text, text)', 'df.as(text, text)', 'df.as_op(text, text)',
        'df.start(text, text, text, text, jsonb, text)',
        'df.cancel(text, text)', 'df.status(text)', 'df.result(text)', 'df.error(text)', 'df.await_instance(text, integer)',
        'df.list_instances(text, integer)', 'df.history(text)', 'df.version()',
        'df._as_node(text, boolean)', 'df._node_types()', 'df._node_defect(jsonb)', 'df._flatten(text)', 'df._validate(text)', 'df._step_name(text, text)',
        'df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json)'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._user_functions() IS 'Internal: the functions that df.grant_usage gives.';
