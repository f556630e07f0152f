CREATE FUNCTION df.setvar(name text, value text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.setvar() cannot be called inside a workflow - set variables before starting the workflow'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO df.vars (name, value) VALUES (name, value) ON CONFLICT ON CONSTRAINT vars_pkey DO UPDATE SET value = EXCLUDED.value;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.setvar(text, text) IS 'Sets a variable of the current role. Instances started afterwards read it as {name}.';
