CREATE FUNCTION df.schedule(name text, cron text, workflow text, input jsonb DEFAULT NULL, timezone text DEFAULT NULL,
                            overlap text DEFAULT 'skip', catch_up text DEFAULT 'one', jitter_seconds integer DEFAULT 0,
                            version integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_role    regrole := quote_ident(current_user)::regrole;
    v_problem text := df._schedule_defect(schedule.name, schedule.cron, schedule.timezone, schedule.workflow, schedule.overlap,
                                          schedule.catch_up, schedule.jitter_seconds, schedule.input);
    v_new     boolean;
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_problem := df._start_problem(v_role);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem
            USING ERRCODE = 'DF011', HINT = 'A schedule starts instances as the role that created it. SET ROLE to an ordinary role.';
    END IF;
    PERFORM df._workflow(v_role, schedule.workflow, schedule.version);

    -- Migrations run again and again: an entry that is already there is not even locked.
    IF EXISTS (
        SELECT FROM df.schedule_entries e
         WHERE e.owner = v_role AND e.name = schedule.name
           AND (e.cron, e.workflow, e.input, e.timezone, e.overlap, e.catch_up, e.jitter_seconds, e.version) IS NOT DISTINCT FROM
               (schedule.cron, schedule.workflow, schedule.input, schedule.timezone, schedule.overlap, schedule.catch_up,
                schedule.jitter_seconds, schedule.version))
    THEN
        RETURN 'unchanged';
    END IF;
    INSERT INTO df.schedule_entries AS e (name, cron, workflow, input, timezone, overlap, catch_up, jitter_seconds, version)
    VALUES (schedule.name, schedule.cron, schedule.workflow, schedule.input, schedule.timezone, schedule.overlap, schedule.catch_up,
            schedule.jitter_seconds, schedule.version)
    ON CONFLICT (owner, name) DO UPDATE
       SET cron = excluded.cron, workflow = excluded.workflow, input = excluded.input, timezone = excluded.timezone,
           overlap = excluded.overlap, catch_up = excluded.catch_up, jitter_seconds = excluded.jitter_seconds, version = excluded.version
    RETURNING e.xmax = 0 INTO v_new;
    RETURN CASE WHEN v_new THEN 'created' ELSE 'changed' END;
END
$function$;
COMMENT ON FUNCTION df.schedule(text, text, text, jsonb, text, text, text, integer, integer) IS
    'Starts a registered workflow at the times of a cron expression, as the calling role. The name is unique per role: the same call '
    'again returns ''unchanged'' and leaves the next run as it is, any other call changes the schedule. overlap: what a tick does while '
    'an earlier instance is still running; catch_up: what happens to ticks that passed while no worker was running.';
