CREATE FUNCTION df.resume_restored() RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_count bigint;
BEGIN
    UPDATE df.queue SET worker_id = NULL WHERE worker_id = 0;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    UPDATE df.task_queue t SET held = false
     WHERE t.held AND NOT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = t.instance_no);
    UPDATE df.schedule_entries SET restored = false WHERE restored;
    IF v_count > 0 THEN
        PERFORM df._tell_workers('start');
    END IF;
    PERFORM df._audit(current_user, 'resume_restored', NULL, NULL, v_count || ' instances');
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df.resume_restored() IS
    'Call it once a database with unfinished instances has been restored from a dump: it lets the instances and the schedules go on. '
    'Returns the number of instances.';
