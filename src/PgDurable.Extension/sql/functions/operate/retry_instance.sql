CREATE FUNCTION df.retry_instance(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status <> 'failed' THEN
        RAISE EXCEPTION 'Instance % is %: only a failed instance can be retried', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    INSERT INTO df.retries (instance_no) VALUES (v_instance_no) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance % is already being retried', instance_id USING ERRCODE = 'DF015';
    END IF;
    RETURN format('Instance %s retried', instance_id);
END
$function$;
COMMENT ON FUNCTION df.retry_instance(text) IS
    'Resumes a failed instance at the step that failed, when the calling transaction commits. Completed steps do not run again.';
