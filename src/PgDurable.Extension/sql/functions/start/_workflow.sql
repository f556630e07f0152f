CREATE FUNCTION df._workflow(p_owner regrole, p_workflow text, p_version integer) RETURNS df.registrations
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_workflow df.registrations;
BEGIN
    SELECT * INTO v_workflow
      FROM df.registrations w
     WHERE w.owner = p_owner AND w.workflow = p_workflow AND (p_version IS NULL OR w.version = p_version)
     ORDER BY w.version DESC
     LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workflow "%"% is not registered by role %', p_workflow, COALESCE(' version ' || p_version, ''), p_owner::text
            USING ERRCODE = 'DF014',
                  HINT = 'Register it with df.register_workflow(name, graph). Each role can start and call only its own workflows.';
    END IF;
    RETURN v_workflow;
END
$function$;
COMMENT ON FUNCTION df._workflow(regrole, text, integer) IS
    'Internal: a registered workflow, in its newest version unless p_version is given.';
