-- What the loop carries along, plus a failure that it has not carried yet: that happens with the next iteration.
CREATE FUNCTION df._loop_failures(p_instance_no bigint, p_path text, p_node integer, p_error json, p_source integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_carried jsonb;
    v_error   jsonb := df._jsonb(p_error);
    v_count   integer;
BEGIN
    SELECT df._jsonb(c.result) INTO v_carried
      FROM df.checkpoints c
     WHERE c.instance_no = p_instance_no AND c.node = p_node AND c.error IS NULL
       AND starts_with(c.path, CASE p_path WHEN '' THEN '' ELSE p_path || '/' END || p_node || ':')
     ORDER BY c.seq DESC LIMIT 1;
    v_count := COALESCE((v_carried ->> 'failed_iterations')::integer, 0) + (v_error IS NOT NULL)::integer;
    IF v_count = 0 THEN
        RETURN jsonb_build_object('failed_iterations', 0);
    END IF;
    RETURN jsonb_build_object('failed_iterations', v_count, 'last_error', CASE
        WHEN v_error IS NULL THEN v_carried -> 'last_error'
        ELSE jsonb_build_object('message', v_error -> 'message', 'sqlstate', v_error -> 'sqlstate', 'node', df._node_id(p_source)) END);
END
$function$;
COMMENT ON FUNCTION df._loop_failures(bigint, text, integer, json, integer) IS
    'Internal: how many iterations of a loop that continues on failure have failed, and why the last of them did.';
