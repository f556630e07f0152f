-- An ordinary role sees one role, its own; a superuser sees all roles, which are few.
CREATE FUNCTION df._search_roles() RETURNS regrole[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    RETURN ARRAY(
        WITH RECURSIVE roles AS (
            (SELECT s.submitted_by AS role FROM df.submissions s ORDER BY s.submitted_by LIMIT 1)
            UNION ALL
            SELECT (SELECT s.submitted_by FROM df.submissions s WHERE s.submitted_by > r.role ORDER BY s.submitted_by LIMIT 1) FROM roles r
             WHERE r.role IS NOT NULL
        )
        SELECT r.role FROM roles r WHERE r.role IS NOT NULL);
END
$function$;
COMMENT ON FUNCTION df._search_roles() IS 'Internal: the roles whose instances the caller sees.';
