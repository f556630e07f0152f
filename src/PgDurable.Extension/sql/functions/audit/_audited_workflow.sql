CREATE FUNCTION df._audited_workflow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.audit (role, owner, action, name, detail)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.owner ELSE NEW.changed_by END, NEW.owner,
            CASE TG_OP WHEN 'INSERT' THEN 'register' ELSE 'drop_version' END, NEW.workflow, 'version ' || NEW.version);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_workflow() IS 'Internal: writes to df.audit what became of a workflow.';
CREATE TRIGGER audited AFTER INSERT ON df.registrations FOR EACH ROW
    WHEN (NEW.registered_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_workflow();
CREATE TRIGGER audited_removal AFTER UPDATE OF removed ON df.registrations FOR EACH ROW
    WHEN (NEW.removed) EXECUTE FUNCTION df._audited_workflow();
