CREATE FUNCTION df.clearvars() RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.clearvars() cannot be called inside a workflow - manage variables before starting the workflow'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE df.vars v SET removed = true WHERE v.owner = quote_ident(current_user)::regrole;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.clearvars() IS 'Removes all variables of the current role.';
