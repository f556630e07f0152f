CREATE FUNCTION df.cancel(instance_id text, reason text DEFAULT 'Cancelled by user') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
BEGIN
    IF NOT EXISTS (SELECT FROM df.outcomes o WHERE o.instance_no = v_instance_no) THEN
        INSERT INTO df.cancellations (instance_no, reason) VALUES (v_instance_no, reason) ON CONFLICT DO NOTHING;
    END IF;
    RETURN format('Instance %s cancelled: %s', instance_id, reason);
END
$function$;
COMMENT ON FUNCTION df.cancel(text, text) IS
    'Cancels an instance, and the workflows that it called, when the calling transaction commits: no further step starts, and a running '
    'statement is stopped and rolled back. Does nothing to a finished instance.';
