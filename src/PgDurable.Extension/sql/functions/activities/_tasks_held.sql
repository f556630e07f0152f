-- The row of df.pauses passed row security. Tasks that are claimed go on, as steps in hand do.
CREATE FUNCTION df._tasks_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.task_queue t SET held = TG_OP = 'INSERT'
     WHERE t.instance_no = CASE TG_OP WHEN 'INSERT' THEN NEW.instance_no ELSE OLD.instance_no END AND t.ended_at IS NULL;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._tasks_held() IS 'Internal: keeps the tasks of a paused instance from being claimed.';
CREATE TRIGGER paused_tasks AFTER INSERT ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._tasks_held();
CREATE TRIGGER resumed_tasks AFTER DELETE ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._tasks_held();
