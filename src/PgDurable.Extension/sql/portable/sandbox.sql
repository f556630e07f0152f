-- Without the C module there is no identity switch: a worker runs the instances of the role that it is logged in as, and no others.
CREATE FUNCTION df._open_session(p_secret bytea) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT NULL::void WHERE false
$function$;
COMMENT ON FUNCTION df._open_session(bytea) IS 'Internal: nothing to do without the C module.';

CREATE FUNCTION df._enter(p_role oid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF quote_ident(session_user)::regrole <> p_role THEN
        RAISE EXCEPTION 'this worker runs as "%" and cannot run a step of %', session_user, p_role::regrole USING ERRCODE = 'DF010';
    END IF;
    PERFORM set_config('df.in_workflow', 'true', true);
END
$function$;
COMMENT ON FUNCTION df._enter(oid) IS 'Internal: marks the transaction as a workflow step of the connected role.';

CREATE FUNCTION df._in_sandbox(p_secret bytea) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT current_setting('df.in_workflow', true) = 'true'
$function$;
COMMENT ON FUNCTION df._in_sandbox(bytea) IS 'Internal: whether a step is being run.';
