-- Functions that run often call it only if there is something to look up: see df._submitted.
CREATE FUNCTION df._limit(p_role regrole, p_limit text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(
        (SELECT l.value FROM df.limits l WHERE l.role = p_role AND l.name = p_limit),
        (SELECT NULLIF(COALESCE((SELECT NULLIF(current_setting(n.setting, true), '')::bigint), n.fallback), 0) FROM df._limit_names() n
          WHERE n.name = p_limit),
        9223372036854775807)
$function$;
COMMENT ON FUNCTION df._limit(regrole, text) IS 'Internal: a limit of a role.';
