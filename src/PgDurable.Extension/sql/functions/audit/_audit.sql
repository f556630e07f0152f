-- For administrators. What they pass as their role counts only if the role that is logged in could be it.
CREATE FUNCTION df._audit(p_by name, p_action text, p_role name, p_name text, p_detail text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_by regrole := (SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = p_by);
BEGIN
    IF p_action IN ('grant_usage', 'revoke_usage', 'set_limit', 'resume_restored') IS NOT TRUE THEN
        RAISE EXCEPTION 'no such action: %', p_action USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF v_by IS NULL OR NOT pg_has_role(session_user, v_by, 'MEMBER') THEN
        v_by := quote_ident(session_user)::regrole;
    END IF;
    INSERT INTO df.audit (role, owner, action, name, detail)
    VALUES (v_by, COALESCE((SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = p_role), v_by), p_action, left(p_name, 200),
            left(p_detail, 1000));
END
$function$;
COMMENT ON FUNCTION df._audit(name, text, name, text, text) IS 'Internal: writes to df.audit what an administrator did.';
