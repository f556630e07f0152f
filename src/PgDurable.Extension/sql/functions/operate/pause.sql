CREATE FUNCTION df.pause(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status IN ('completed', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'Instance % is % and cannot be paused', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    INSERT INTO df.pauses (instance_no) VALUES (v_instance_no) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance % is already paused', instance_id USING ERRCODE = 'DF015';
    END IF;
    RETURN format('Instance %s paused', instance_id);
END
$function$;
COMMENT ON FUNCTION df.pause(text) IS
    'Pauses an instance: a running step finishes, and no new one begins once the worker has noticed, within a second of the commit. Its '
    'children go on. df.resume ends the pause.';
