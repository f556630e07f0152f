-- An update may bring functions and relations that those which a role has already call, so the role needs them in the same moment.
-- New is what this transaction has made and nobody but its owner has. The grants are made after the update's script: what a script grants
-- is part of the extension, and in no dump.
CREATE FUNCTION df._grant_new() RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_new   record;
BEGIN
    FOR v_new IN
        SELECT format('EXECUTE ON FUNCTION %s', f.new::regprocedure) AS what, g.grantee::regrole AS role,
               CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option
          -- Whoever has the function on the right gets the new ones of its kind.
          FROM (SELECT unnest(df._user_functions()), 'df.start(text, text, text, text)'::regprocedure
                UNION ALL SELECT unnest(df._http_functions()), 'df.http(text, text, text, jsonb, integer)'::regprocedure
                UNION ALL SELECT unnest(df._admin_functions()), 'df.grant_usage(text, boolean, boolean)'::regprocedure) f (new, known)
          JOIN pg_proc p ON p.oid = f.new
          JOIN pg_proc k ON k.oid = f.known
         CROSS JOIN LATERAL aclexplode(k.proacl) g
         WHERE df._is_in_progress(p.xmin) AND g.grantee NOT IN (0, k.proowner)
           AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner)
        UNION ALL
        SELECT format('%s ON %s', u.privilege, u.relation), g.grantee::regrole,
               CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
          FROM df._user_privileges() u
          JOIN pg_class c ON c.oid = u.relation
          JOIN pg_proc k ON k.oid = 'df.start(text, text, text, text)'::regprocedure
         CROSS JOIN LATERAL aclexplode(k.proacl) g
         WHERE df._is_in_progress(c.xmin) AND g.grantee NOT IN (0, k.proowner)
    LOOP
        EXECUTE format('GRANT %s TO %s', v_new.what, v_new.role) || v_new.option;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._grant_new() IS
    'Internal: grants what an update has brought to the roles that have what was there before.';
