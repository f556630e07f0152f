CREATE FUNCTION df._wake(p_instance bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.wakeups (instance_no) VALUES (p_instance);
    PERFORM df._tell_workers('wake');
END
$function$;
COMMENT ON FUNCTION df._wake(bigint) IS 'Internal: records that an instance has something new.';
