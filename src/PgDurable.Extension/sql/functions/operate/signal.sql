CREATE FUNCTION df.signal(instance_id text, signal_name text, signal_data text DEFAULT '{}') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint;
    v_data        json;
    v_problem     text := df._unusable_json(signal_data);
BEGIN
    IF instance_id = '' THEN
        RAISE EXCEPTION 'Instance ID cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF signal_name = '' THEN
        RAISE EXCEPTION 'Signal name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'No step can use this signal data'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = v_problem, HINT = 'Clean the data before you send it.';
    END IF;
    v_instance_no := df._instance_no(instance_id);
    BEGIN
        v_data := signal_data::json;
    EXCEPTION WHEN invalid_text_representation THEN
        v_data := to_json(signal_data);
    END;
    -- A finished instance takes no signals.
    IF EXISTS (SELECT FROM df.queue q WHERE q.instance_no = v_instance_no) THEN
        INSERT INTO df.signals (instance_no, name, data) VALUES (v_instance_no, signal_name, v_data);
    END IF;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.signal(text, text, text) IS
    'Sends a signal to an instance when the calling transaction commits. The signal is kept until a df.wait_for_signal of that name takes '
    'it. Data that is not JSON becomes a JSON string.';
