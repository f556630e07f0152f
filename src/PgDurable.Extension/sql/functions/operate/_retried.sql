-- The row of df.retries passed row security, so the caller may see the instance. What it has done so far is kept; the worker removes the
-- failed checkpoints.
CREATE FUNCTION df._retried() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
BEGIN
    DELETE FROM df.outcomes o WHERE o.instance_no = NEW.instance_no AND o.status = 'failed' RETURNING o.started_at INTO v_started_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the instance has not failed' USING ERRCODE = 'DF015';
    END IF;
    DELETE FROM df.cancellations c WHERE c.instance_no = NEW.instance_no;
    -- A child whose parent has ended belongs to nobody, and must not be cancelled because of that.
    INSERT INTO df.queue (instance_no, submitted_by, started_at, parent_no, lane)
    SELECT s.instance_no, s.submitted_by, v_started_at, (SELECT p.instance_no FROM df.queue p WHERE p.instance_no = s.parent_no),
           CASE WHEN s.workflow IS NULL THEN 0 ELSE 1 + (hashtext(s.workflow) & 63) END
      FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
    PERFORM df._tell_workers('start');
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._retried() IS 'Internal: puts a failed instance back into the queue.';
-- Not for rows that come from a dump: the dump also contains their effects.
CREATE TRIGGER retried AFTER INSERT ON df.retries FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._retried();
