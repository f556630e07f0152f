CREATE FUNCTION df._cancel(p_instance bigint, p_reason text, p_forced boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
    v_worker     integer;
BEGIN
    IF NOT p_forced AND df._undoes_on_cancel(p_instance) THEN
        UPDATE df.queue q SET undoing = true WHERE q.instance_no = p_instance AND NOT q.undoing;
        IF FOUND THEN
            DELETE FROM df.pauses p WHERE p.instance_no = p_instance;
            -- From the instance's own role, so that no limit of it keeps a worker from this. A worker reads the reason into its memory.
            INSERT INTO df.signals (instance_no, name, data, sent_by)
            SELECT s.instance_no, 'sys_cancel', to_json(left(p_reason, 10000)), s.submitted_by
              FROM df.submissions s WHERE s.instance_no = p_instance;
        END IF;
        RETURN false;
    END IF;
    DELETE FROM df.queue q WHERE q.instance_no = p_instance RETURNING q.started_at, q.worker_id INTO v_started_at, v_worker;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO df.outcomes (instance_no, started_at, status, error, worker_id)
    VALUES (p_instance, v_started_at, 'cancelled', json_build_object('message', 'canceled: ' || p_reason), v_worker);
    -- A worker that is running one of its steps stops the statement.
    PERFORM df._notify('pg_durable', 'cancel ' || p_instance);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._cancel(bigint, text, boolean) IS
    'Internal: ends one instance as cancelled; false if it had already ended, or undoes its steps first, which it is told once.';
