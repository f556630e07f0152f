CREATE FUNCTION df.await_instance(instance_id text, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_deadline timestamptz := clock_timestamp() + make_interval(secs => timeout_seconds);
    v_pause    double precision := 0.005;
    v_status   text;
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.await_instance() cannot be called inside a workflow - it would block a worker thread'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    ELSIF timeout_seconds <= 0 THEN
        RAISE EXCEPTION 'Timeout must be positive' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    LOOP
        v_status := df.status(instance_id);
        IF v_status IS NULL THEN
            RAISE EXCEPTION 'Instance not found: %', instance_id USING ERRCODE = 'DF002';
        ELSIF v_status IN ('completed', 'failed', 'cancelled') THEN
            RETURN v_status;
        ELSIF clock_timestamp() >= v_deadline THEN
            RAISE EXCEPTION 'Timeout after %s waiting for instance % (status: %). Check if background worker is running.',
                    timeout_seconds, instance_id, v_status
                USING ERRCODE = 'DF004',
                      -- A row that is visible but not yet committed is this transaction's own.
                      HINT = CASE
                          WHEN EXISTS (SELECT FROM df.signals s JOIN df.submissions i ON i.instance_no = s.instance_no
                                        WHERE i.id = instance_id AND df._is_in_progress(s.xmin))
                              THEN 'This transaction sent the instance a signal, which arrives when the transaction commits. Commit before '
                                   'you wait.'
                          ELSE 'The worker cannot see an instance started in this same transaction until it commits.' END;
        END IF;
        PERFORM pg_sleep(v_pause);
        v_pause := LEAST(v_pause * 2, 0.1);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df.await_instance(text, integer) IS
    'Waits until an instance is completed, failed or cancelled, and returns that status. Raises an error after timeout_seconds. Call it '
    'in a later transaction than df.start.';
