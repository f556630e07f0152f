-- After a change that affects the ticks, no earlier tick counts.
CREATE FUNCTION df._schedule_revised() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.revision := OLD.revision + 1;
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._schedule_revised() IS 'Internal: counts the revisions of a schedule.';
CREATE TRIGGER schedule_revised BEFORE UPDATE ON df.schedule_entries FOR EACH ROW
    WHEN (OLD.cron OPERATOR(pg_catalog.<>) NEW.cron OR COALESCE(OLD.timezone, '') OPERATOR(pg_catalog.<>) COALESCE(NEW.timezone, '')
          OR OLD.paused AND NOT NEW.paused OR OLD.restored AND NOT NEW.restored)
    EXECUTE FUNCTION df._schedule_revised();
