CREATE FUNCTION df._wake(p_instance bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.wakeups (instance_no) VALUES (p_instance);
    -- As for starts: a worker that is not idle finds the row anyway.
    IF EXISTS (SELECT FROM df.workers w WHERE w.idle) THEN
        PERFORM df._notify('pg_durable', 'wake');
    END IF;
END
$function$;
COMMENT ON FUNCTION df._wake(bigint) IS 'Internal: records that an instance has something new.';
