CREATE FUNCTION df.resume(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status IN ('completed', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'Instance % is % and cannot be resumed', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    UPDATE df.pauses p SET removed = true WHERE p.instance_no = v_instance_no;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance % is not paused, it is %', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    RETURN format('Instance %s resumed', instance_id);
END
$function$;
COMMENT ON FUNCTION df.resume(text) IS 'Resumes a paused instance when the calling transaction commits.';
