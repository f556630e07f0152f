CREATE FUNCTION df.drop_workflow_version(name text, version integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role    regrole := quote_ident(current_user)::regrole;
    v_running bigint;
    v_used_by text;
BEGIN
    UPDATE df.registrations w SET removed = true WHERE w.owner = v_role AND w.workflow = name AND w.version = drop_workflow_version.version;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workflow "%" version % is not registered by role %', name, version, v_role USING ERRCODE = 'DF014';
    END IF;
    SELECT r.running INTO v_running
      FROM df._running_versions() r WHERE r.owner = v_role AND r.workflow = name AND r.version = drop_workflow_version.version;
    IF v_running > 0 THEN
        RAISE EXCEPTION 'workflow "%" version % has % running instance%',
                        name, version, v_running, CASE WHEN v_running > 1 THEN 's' ELSE '' END
            USING ERRCODE = 'object_in_use',
                  HINT = 'Wait until they end, or cancel them; df.instances lists them by workflow and workflow_version.';
    END IF;
    -- A schedule without a version uses the newest one.
    SELECT string_agg(quote_literal(e.name), ', ' ORDER BY e.name) INTO v_used_by
      FROM df.schedule_entries e
     WHERE e.owner = v_role AND e.workflow = drop_workflow_version.name
       AND CASE WHEN e.version IS NULL
                THEN NOT EXISTS (SELECT FROM df.registrations w WHERE w.owner = v_role AND w.workflow = drop_workflow_version.name)
                ELSE e.version = drop_workflow_version.version END;
    IF v_used_by IS NOT NULL THEN
        RAISE EXCEPTION 'workflow "%" version % is used by schedule %', name, version, v_used_by
            USING ERRCODE = 'object_in_use', HINT = 'Give the schedule another version with df.schedule, or remove it with df.unschedule.';
    END IF;
END
$function$;
COMMENT ON FUNCTION df.drop_workflow_version(text, integer) IS
    'Removes a version of a workflow, so that nothing can start it any more. Refused while it has unfinished instances or a schedule uses '
    'it.';
