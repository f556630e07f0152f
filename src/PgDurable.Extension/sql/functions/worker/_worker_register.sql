-- A worker is alive as long as the session that registered it holds this advisory lock. A killed process loses its session, and with it
-- the lock, at once: nobody has to wait for a lease to run out.
CREATE FUNCTION df._worker_register(p_host text, p_pid integer, p_version text,
                                    p_silence_limit interval DEFAULT '15 seconds') RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_worker integer;
BEGIN
    PERFORM df._require_worker();
    IF pg_is_in_recovery() THEN
        RETURN NULL;
    END IF;
    -- It waits then, and says why in its log, instead of failing in the middle of an instance.
    IF p_version ~ '^\d+\.\d+\.\d+$' AND string_to_array(p_version, '.')::int[] < string_to_array(df._oldest_version(), '.')::int[] THEN
        RAISE EXCEPTION 'a worker of version % cannot work with schema df of version %, which needs at least %', p_version,
            split_part(df.version(), ' ', 1), df._oldest_version()
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Install the new worker.';
    END IF;
    LOOP
        INSERT INTO df.workers (host, pid, version, silence_limit) VALUES (p_host, p_pid, p_version, p_silence_limit)
            RETURNING worker_id INTO v_worker;
        EXIT WHEN pg_try_advisory_lock(df._worker_lock_class(), v_worker);
        -- Anybody may take any advisory lock. That costs a worker number, but must not keep a worker waiting.
        DELETE FROM df.workers w WHERE w.worker_id = v_worker;
    END LOOP;
    RETURN v_worker;
END
$function$;
COMMENT ON FUNCTION df._worker_register(text, integer, text, interval) IS
    'Internal: registers a worker and returns its number; NULL on a standby.';
