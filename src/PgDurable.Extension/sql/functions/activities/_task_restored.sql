-- A copy of the database must not run what the original runs, until somebody says so: see df._restored.
CREATE FUNCTION df._task_restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.held := true;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._task_restored() IS 'Internal: holds tasks that come from a dump until df.resume_restored().';
CREATE TRIGGER restored BEFORE INSERT ON df.task_queue FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.<>) pg_catalog.now()) EXECUTE FUNCTION df._task_restored();
