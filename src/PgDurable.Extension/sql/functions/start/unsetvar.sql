CREATE FUNCTION df.unsetvar(name text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.unsetvar() cannot be called inside a workflow - manage variables before starting the workflow'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE df.vars v SET removed = true WHERE v.owner = quote_ident(current_user)::regrole AND v.name = unsetvar.name;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.unsetvar(text) IS 'Removes a variable of the current role, if there is one of that name.';
