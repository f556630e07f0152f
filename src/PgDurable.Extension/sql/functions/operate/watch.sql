-- If something ends the instance at this very moment, it has already looked for watches and notifies nobody: a notification is a hint.
-- Whoever waits checks the status after this has committed, and again from time to time.
CREATE FUNCTION df.watch(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status IN ('pending', 'running') THEN
        INSERT INTO df.watches (instance_no)
        SELECT v_instance_no WHERE NOT EXISTS (SELECT FROM df.watches w WHERE w.instance_no = v_instance_no);
    END IF;
    RETURN v_status;
END
$function$;
COMMENT ON FUNCTION df.watch(text) IS
    'Asks for a notification when an instance ends: its id on channel df_ended, for those who LISTEN. Returns its current status; an '
    'instance that has already ended notifies nobody. The notification is a hint that can be missed: check the status from time to time.';
