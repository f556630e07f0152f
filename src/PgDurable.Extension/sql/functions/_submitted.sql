-- The only way into the queue: the row of df.submissions passed row security, so whoever wrote it is who it says.
CREATE FUNCTION df._submitted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.queue (instance_no, submitted_by, parent_no, due_at)
    VALUES (NEW.instance_no, NEW.submitted_by, NEW.parent_no, COALESCE(NEW.start_at, '-infinity'));
    -- A commit that notifies takes a lock that is global to the cluster. A worker that is not idle finds the row anyway.
    IF EXISTS (SELECT FROM df.workers w WHERE w.idle) THEN
        PERFORM pg_notify('pg_durable', 'start');
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._submitted() IS 'Internal: puts a submission into the queue.';
-- Not of rows that a dump brings: their queue rows and outcomes come with them.
CREATE TRIGGER submitted AFTER INSERT ON df.submissions FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._submitted();
