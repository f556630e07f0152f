CREATE FUNCTION df.publish(instance_id text, value jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_limit       bigint := pg_size_bytes(COALESCE(NULLIF(current_setting('pg_durable.max_result_bytes', true), ''), '16MB'));
BEGIN
    IF pg_column_size(value) > v_limit THEN
        RAISE EXCEPTION 'the published value is too large: % bytes, at most % are allowed (pg_durable.max_result_bytes)',
                        pg_column_size(value), v_limit
            USING ERRCODE = 'program_limit_exceeded', HINT = 'Keep the data in a table and publish its key.';
    ELSIF NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = v_instance_no) THEN
        RAISE EXCEPTION 'Instance % is % and publishes nothing more', instance_id, df.status(instance_id) USING ERRCODE = 'DF015';
    END IF;
    INSERT INTO df.published_state AS p (instance_no, value) VALUES (v_instance_no, COALESCE(publish.value, 'null'))
    ON CONFLICT ON CONSTRAINT published_state_pkey DO UPDATE SET value = EXCLUDED.value, published_at = EXCLUDED.published_at;
END
$function$;
COMMENT ON FUNCTION df.publish(text, jsonb) IS
    'Publishes a value of an instance that has not ended, in place of the one before; df.state reads it. A step publishes for its own '
    'instance with $sys_instance_id. Publishing NULL publishes JSON''s null.';
