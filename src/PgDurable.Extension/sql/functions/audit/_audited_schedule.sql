CREATE FUNCTION df._audited_schedule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_action text := 'schedule';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        v_action := CASE
            WHEN NEW.removed THEN 'unschedule'
            WHEN NEW.paused AND NOT OLD.paused THEN 'pause_schedule'
            WHEN OLD.paused AND NOT NEW.paused THEN 'resume_schedule'
            WHEN (NEW.cron, NEW.timezone, NEW.workflow, NEW.version, NEW.input, NEW.overlap, NEW.catch_up, NEW.jitter_seconds)
                 IS DISTINCT FROM
                 (OLD.cron, OLD.timezone, OLD.workflow, OLD.version, OLD.input, OLD.overlap, OLD.catch_up, OLD.jitter_seconds)
                 THEN 'schedule' END;
    END IF;
    IF v_action IS NOT NULL THEN
        INSERT INTO df.audit (role, owner, action, name, detail)
        VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.owner ELSE NEW.changed_by END, NEW.owner, v_action, NEW.name,
                CASE v_action WHEN 'schedule' THEN format('%s: workflow "%s"', NEW.cron, left(NEW.workflow, 200)) END);
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_schedule() IS 'Internal: writes to df.audit what became of a schedule.';
CREATE TRIGGER audited AFTER INSERT ON df.schedule_entries FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_schedule();
CREATE TRIGGER audited_change AFTER UPDATE ON df.schedule_entries FOR EACH ROW EXECUTE FUNCTION df._audited_schedule();
