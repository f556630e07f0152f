-- The row passed row security, so the caller owns it.
CREATE FUNCTION df._removed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF TG_TABLE_NAME = 'pauses' THEN
        DELETE FROM df.pauses p WHERE p.instance_no = NEW.instance_no;
    ELSIF TG_TABLE_NAME = 'vars' THEN
        DELETE FROM df.vars v WHERE v.owner = NEW.owner AND v.name = NEW.name;
    ELSIF TG_TABLE_NAME = 'registrations' THEN
        DELETE FROM df.registrations w WHERE w.owner = NEW.owner AND w.workflow = NEW.workflow AND w.version = NEW.version;
    ELSIF TG_TABLE_NAME = 'schedule_entries' THEN
        DELETE FROM df.schedule_entries e WHERE e.schedule_no = NEW.schedule_no;
    ELSIF TG_TABLE_NAME = 'task_grants' THEN
        DELETE FROM df.task_grants g WHERE g.owner = NEW.owner AND g.name = NEW.name AND g.grantee = NEW.grantee;
    ELSIF TG_TABLE_NAME = 'tags' THEN
        DELETE FROM df.tags t WHERE t.instance_no = NEW.instance_no AND t.key = NEW.key;
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._removed() IS 'Internal: deletes a row that its owner has marked as removed.';
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.pauses FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.vars FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.registrations FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.task_grants FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.schedule_entries FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.tags FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
