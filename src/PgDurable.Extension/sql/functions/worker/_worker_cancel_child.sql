CREATE FUNCTION df._worker_cancel_child(p_instance bigint, p_node integer, p_path text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_child bigint;
BEGIN
    PERFORM df._require_worker();
    SELECT s.instance_no INTO v_child
      FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node = p_node AND s.parent_path = p_path;
    RETURN v_child IS NULL OR df._worker_cancel(v_child, 'its result is no longer needed');
END
$function$;
COMMENT ON FUNCTION df._worker_cancel_child(bigint, integer, text) IS
    'Internal: cancels the child of one execution of df.call. False if its row is locked; then try again.';
