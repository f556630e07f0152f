-- The row passed row security, so the caller owns the schedule.
CREATE FUNCTION df._schedule_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- As in df._check_start, high limits are only checked at random.
        v_limit := df._limit(NEW.owner, 'schedules');
        IF random() * v_limit < 1000
            AND EXISTS (SELECT FROM df.schedule_entries e WHERE e.owner = NEW.owner ORDER BY e.owner OFFSET v_limit)
        THEN
            RAISE EXCEPTION 'limit exceeded: role % already has % schedules (schedules)', NEW.owner, v_limit
                USING ERRCODE = 'DF020',
                      HINT = 'Remove one with df.unschedule. A superuser can raise the limit: df.set_limit(role, ''schedules'', value).';
        END IF;
    END IF;
    INSERT INTO df.schedule_changes (schedule_no) VALUES (COALESCE(NEW.schedule_no, OLD.schedule_no));
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._schedule_changed() IS 'Internal: tells the workers that a schedule was created, changed or removed.';
-- Not for rows that come from a dump: it also contains what the workers know about them.
CREATE TRIGGER schedule_made AFTER INSERT ON df.schedule_entries FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._schedule_changed();
CREATE TRIGGER schedule_changed AFTER UPDATE OR DELETE ON df.schedule_entries FOR EACH ROW EXECUTE FUNCTION df._schedule_changed();
