-- The only way into the queue. The row of df.submissions passed row security, so it was written by the role that it names.
CREATE FUNCTION df._submitted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- Most roles have no such limit, and checking that is cheap.
    IF EXISTS (SELECT FROM df.limits l WHERE l.role = NEW.submitted_by)
       OR COALESCE(current_setting('pg_durable.max_instances_per_role', true), '0') <> '0'
       OR COALESCE(current_setting('pg_durable.max_starts_per_second_per_role', true), '0') <> '0'
    THEN
        PERFORM df._check_start(NEW.submitted_by);
    END IF;
    INSERT INTO df.queue (instance_no, submitted_by, parent_no, due_at, lane)
    VALUES (NEW.instance_no, NEW.submitted_by, NEW.parent_no, COALESCE(NEW.start_at, '-infinity'),
            CASE WHEN NEW.workflow IS NULL THEN 0 ELSE 1 + (hashtext(NEW.workflow) & 63) END);
    PERFORM df._tell_workers('start');
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._submitted() IS 'Internal: puts a submission into the queue.';
