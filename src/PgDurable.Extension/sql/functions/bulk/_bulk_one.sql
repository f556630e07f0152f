CREATE FUNCTION df._bulk_one(p_bulk df.bulks, p_instance_no bigint, p_reason text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_id     text := (SELECT s.id FROM df.submissions s WHERE s.instance_no = p_instance_no);
    v_status text;
BEGIN
    CASE p_bulk.action
        WHEN 'cancel' THEN PERFORM df.cancel(v_id, p_reason);
        WHEN 'terminate' THEN PERFORM df.terminate(v_id, p_reason);
        WHEN 'retry' THEN PERFORM df.retry_instance(v_id);
        WHEN 'pause' THEN PERFORM df.pause(v_id);
        WHEN 'resume' THEN PERFORM df.resume(v_id);
        WHEN 'signal' THEN PERFORM df.signal(v_id, p_bulk.signal_name, COALESCE(p_bulk.signal_data, '{}'));
        WHEN 'delete' THEN INSERT INTO df.deletions (instance_no, reason) VALUES (p_instance_no, p_reason);
    END CASE;
    IF p_bulk.action = 'delete' THEN
        RETURN (SELECT format('Instance %s is in use', v_id) FROM df.submissions s WHERE s.instance_no = p_instance_no);
    ELSIF p_bulk.action IN ('cancel', 'terminate', 'signal') THEN
        -- They say nothing about an instance that has just ended by itself.
        v_status := (SELECT o.status FROM df.outcomes o WHERE o.instance_no = p_instance_no);
        RETURN CASE WHEN v_status <> 'cancelled' OR v_status IS NOT NULL AND p_bulk.action = 'signal'
                    THEN format('Instance %s is %s', v_id, v_status) END;
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._bulk_one(df.bulks, bigint, text) IS
    'Internal: what df.bulk does to one instance; NULL, or why it could not.';
