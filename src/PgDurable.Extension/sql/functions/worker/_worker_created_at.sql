CREATE FUNCTION df._worker_created_at(p_instance bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    SELECT s.created_at FROM df.submissions s WHERE s.instance_no = p_instance
$function$;
COMMENT ON FUNCTION df._worker_created_at(bigint) IS
    'Internal: when an instance was started. Unlike its claim, that was on disk before any worker saw it.';
