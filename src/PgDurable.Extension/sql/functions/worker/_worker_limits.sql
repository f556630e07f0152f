CREATE FUNCTION df._worker_limits(p_limit text) RETURNS TABLE (role_oid oid, value bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    SELECT NULL::oid, df._limit(0::oid::regrole, p_limit)
    UNION ALL
    SELECT l.role::oid, l.value FROM df.limits l WHERE l.name = p_limit
$function$;
COMMENT ON FUNCTION df._worker_limits(text) IS 'Internal: a limit for all roles, and for each role that has its own.';
