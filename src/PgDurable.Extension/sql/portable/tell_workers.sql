-- A commit that notifies takes a lock that is global to the cluster. A worker that is not idle finds the row anyway.
CREATE FUNCTION df._tell_workers(p_what text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF EXISTS (SELECT FROM df.workers w WHERE w.idle) THEN
        PERFORM df._notify('pg_durable', p_what);
    END IF;
END
$function$;
COMMENT ON FUNCTION df._tell_workers(text) IS 'Internal: when the transaction commits, idle workers look for what they can claim.';
