CREATE FUNCTION df.set_limit(p_role text, p_limit text, p_value bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role  regrole := (SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = p_role);
    v_least bigint := (SELECT n.minimum FROM df._limit_names() n WHERE n.name = p_limit);
BEGIN
    IF v_role IS NULL THEN
        RAISE EXCEPTION 'role "%" does not exist', p_role USING ERRCODE = 'undefined_object';
    ELSIF v_least IS NULL THEN
        RAISE EXCEPTION 'limit "%" does not exist', p_limit
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = (SELECT 'The limits are ' || string_agg(n.name, ', ' ORDER BY n.name) || '.' FROM df._limit_names() n);
    ELSIF p_value < v_least THEN
        RAISE EXCEPTION 'limit % must be at least %, or NULL for the default', p_limit, v_least USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM df.limits l WHERE l.role = v_role AND l.name = p_limit;
    IF p_value IS NOT NULL THEN
        INSERT INTO df.limits (role, name, value) VALUES (v_role, p_limit, p_value);
    END IF;
    PERFORM df._audit(current_user, 'set_limit', p_role, p_limit, COALESCE(p_value::text, 'default'));
END
$function$;
COMMENT ON FUNCTION df.set_limit(text, text, bigint) IS
    'Sets a limit of a role; for superusers: running_steps, instances (unfinished), starts_per_second, signals and signal_bytes (waiting '
    'for one instance), call_depth, schedules. NULL restores the default, which a setting has (pg_durable.max_…).';
