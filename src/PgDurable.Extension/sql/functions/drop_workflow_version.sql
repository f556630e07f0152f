CREATE FUNCTION df.drop_workflow_version(name text, version integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.workflows w
     WHERE w.owner = quote_ident(current_user)::regrole AND w.workflow = name AND w.version = drop_workflow_version.version;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workflow "%" version % is not registered by role %', name, version, quote_ident(current_user) USING ERRCODE = 'DF014';
    END IF;
END
$function$;
COMMENT ON FUNCTION df.drop_workflow_version(text, integer) IS
    'Removes a version of a workflow, so that nothing starts it any more. Instances that run it go on.';
