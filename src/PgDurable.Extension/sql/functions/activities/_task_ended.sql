-- The row passed row security. What the worker takes it must be able to read, and a step to use.
CREATE FUNCTION df._task_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit   bigint;
    v_problem text;
BEGIN
    -- Most results are small, and reading the setting costs more than writing them.
    IF pg_column_size(NEW.result) > 1024 THEN
        v_limit := pg_size_bytes(COALESCE(NULLIF(current_setting('pg_durable.max_result_bytes', true), ''), '16MB'));
        IF octet_length(NEW.result::text) > v_limit THEN
            RAISE EXCEPTION 'result of task % is too large: % bytes, at most % are allowed (pg_durable.max_result_bytes)',
                            NEW.task_no, octet_length(NEW.result::text), v_limit
                USING ERRCODE = 'program_limit_exceeded', HINT = 'Write the data into a table, and return its key.';
        END IF;
    END IF;
    v_problem := df._unusable_json(NEW.result::text);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'no step can use the result of task %', NEW.task_no
            USING ERRCODE = 'invalid_parameter_value', DETAIL = v_problem, HINT = 'Clean the data before you return it.';
    END IF;
    PERFORM df._wake(NEW.instance_no);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._task_ended() IS 'Internal: checks the result of a task, and wakes its instance.';
CREATE TRIGGER ended AFTER UPDATE OF ended_at, result ON df.task_queue FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION df._task_ended();
