CREATE FUNCTION df._worker_cancel(p_instance bigint, p_reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    PERFORM FROM df.queue q WHERE q.instance_no = p_instance FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = p_instance);
    END IF;
    IF df._cancel(p_instance, p_reason, false) THEN
        PERFORM df._ended(ARRAY[p_instance]);
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._worker_cancel(bigint, text) IS
    'Internal: cancels an instance without waiting for anybody, or lets it undo its steps; its children follow with the next claim. False '
    'if its row is locked.';
