-- As for the instances of a dump, see df._restored: a copy must not do on its own what the original does.
CREATE FUNCTION df._schedule_restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.restored := NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_durable' AND e.xmin = pg_current_xact_id()::xid);
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._schedule_restored() IS 'Internal: holds schedules that come from a dump until df.resume_restored().';
CREATE TRIGGER schedule_restored BEFORE INSERT ON df.schedule_entries FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.<>) pg_catalog.now()) EXECUTE FUNCTION df._schedule_restored();
