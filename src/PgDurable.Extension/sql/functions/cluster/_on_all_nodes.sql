-- Citus is found by what its extension consists of, never by name: anybody may create a function of that name, but only a superuser an
-- extension. All arguments are given, so that no other function of the same name fits better.
CREATE FUNCTION df._on_all_nodes(p_command text) RETURNS TABLE (node integer, address text, success boolean, result text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_run   text;
    v_nodes text;
BEGIN
    SELECT max(format('%I.%I', p.pronamespace::regnamespace::name, p.proname))
               FILTER (WHERE p.proname = 'run_command_on_all_nodes' AND oidvectortypes(p.proargtypes) = 'text, boolean, boolean'),
           max(format('%I.%I', c.relnamespace::regnamespace::name, c.relname)) FILTER (WHERE c.relname = 'pg_dist_node')
      INTO v_run, v_nodes
      FROM pg_extension e
      JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
      LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
     WHERE e.extname = 'citus';
    IF v_run IS NULL OR v_nodes IS NULL THEN
        RAISE EXCEPTION 'database "%" has no extension citus with run_command_on_all_nodes, so it has no other nodes', current_database()
            USING ERRCODE = 'feature_not_supported',
                  HINT = 'On a single server, use df.grant_usage, df.revoke_usage and df.list_instances.';
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT r.nodeid, COALESCE(n.nodename || '':'' || n.nodeport, ''this node''), r.success, r.result '
        'FROM %s($1, true, false) r LEFT JOIN %s n ON n.nodeid = r.nodeid ORDER BY r.nodeid', v_run, v_nodes)
        USING p_command;
END
$function$;
COMMENT ON FUNCTION df._on_all_nodes(text) IS 'Internal: runs a statement on every node of a Citus cluster, as the caller.';
