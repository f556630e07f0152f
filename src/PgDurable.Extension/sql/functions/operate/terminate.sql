CREATE FUNCTION df.terminate(instance_id text, reason text DEFAULT 'Terminated by user') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
BEGIN
    IF NOT EXISTS (SELECT FROM df.outcomes o WHERE o.instance_no = v_instance_no) THEN
        INSERT INTO df.cancellations (instance_no, reason, forced) VALUES (v_instance_no, reason, true) ON CONFLICT DO NOTHING;
    END IF;
    RETURN format('Instance %s terminated: %s', instance_id, reason);
END
$function$;
COMMENT ON FUNCTION df.terminate(text, text) IS
    'Ends an instance, and the workflows that it called, when the calling transaction commits, without any undo: also one that '
    'df.undo_on_cancel would undo, and one that is undoing its steps. Does nothing to a finished instance.';
