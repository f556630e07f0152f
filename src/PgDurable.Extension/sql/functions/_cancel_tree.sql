-- For users, who may wait for each other. A worker may not, and goes through df._worker_cancel_child.
CREATE FUNCTION df._cancel_tree(p_instance bigint, p_reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_child bigint;
BEGIN
    IF NOT df._cancel(p_instance, p_reason) THEN
        RETURN;
    END IF;
    -- No child can come any more: starting one takes a lock on the parent's row in the queue.
    FOR v_child IN SELECT s.instance_no FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL ORDER BY 1 LOOP
        PERFORM df._cancel_tree(v_child, p_reason);
    END LOOP;
    PERFORM df._ended(ARRAY[p_instance]);
END
$function$;
COMMENT ON FUNCTION df._cancel_tree(bigint, text) IS 'Internal: cancels an instance and the children that its df.call steps started.';
