-- When a failed instance is retried, its failed children resume where they failed, and so do those that were cancelled because of the
-- failure.
CREATE FUNCTION df._retry_child(p_child bigint, p_parent bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.outcomes o SET status = 'failed'
     WHERE o.instance_no = p_child AND o.status <> 'completed'
       AND o.completed_at < (SELECT y.requested_at FROM df.retries y WHERE y.instance_no = p_parent);
    IF FOUND THEN
        DELETE FROM df.retries y WHERE y.instance_no = p_child;
        INSERT INTO df.retries (instance_no, requested_by)
        SELECT p_child, y.requested_by FROM df.retries y WHERE y.instance_no = p_parent;
    END IF;
END
$function$;
COMMENT ON FUNCTION df._retry_child(bigint, bigint) IS 'Internal: retries a child that ended before its parent was retried.';
