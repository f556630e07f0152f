CREATE FUNCTION df.grant_tasks(name text, role text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role regrole := (SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = grant_tasks.role);
BEGIN
    IF v_role IS NULL THEN
        RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = 'undefined_object';
    ELSIF length(name) NOT BETWEEN 1 AND df._graph_limit('max_activity_name') THEN
        RAISE EXCEPTION 'df.grant_tasks: name must be a string of 1 to % characters', df._graph_limit('max_activity_name')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO df.task_grants (name, grantee) VALUES (grant_tasks.name, v_role) ON CONFLICT DO NOTHING;
    IF NOT has_function_privilege(v_role, 'df.claim_tasks(text[], integer, interval, text)'::regprocedure, 'EXECUTE') THEN
        RAISE NOTICE 'role "%" can''t call df.claim_tasks yet: a superuser lets it, with df.grant_usage', role;
    END IF;
END
$function$;
COMMENT ON FUNCTION df.grant_tasks(text, text) IS
    'Lets another role claim the tasks of one activity that your instances make. It sees their input and progress, ends them in your '
    'instances'' name, and sees nothing else of the instances.';
