CREATE FUNCTION df._audited_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.audit (role, owner, action, name, detail)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.owner ELSE NEW.changed_by END, NEW.owner,
            CASE TG_OP WHEN 'INSERT' THEN 'grant_tasks' ELSE 'revoke_tasks' END, NEW.name, NEW.grantee::text);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_grant() IS 'Internal: writes to df.audit who may claim tasks.';
-- A dump restores what its owner granted: whoever restores it is somebody else, unless it is the same role again.
CREATE TRIGGER audited AFTER INSERT ON df.task_grants FOR EACH ROW
    WHEN (NEW.owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole) EXECUTE FUNCTION df._audited_grant();
CREATE TRIGGER audited_removal AFTER UPDATE OF removed ON df.task_grants FOR EACH ROW
    WHEN (NEW.removed) EXECUTE FUNCTION df._audited_grant();
