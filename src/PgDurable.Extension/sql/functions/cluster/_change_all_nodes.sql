-- Each node commits for itself. So first every node is asked whether it can do it.
CREATE FUNCTION df._change_all_nodes(p_role text, p_command text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_failed text;
    v_done   text;
BEGIN
    SELECT string_agg(format('%s: %s', n.address, n.result), '; ') INTO v_failed
      FROM df._on_all_nodes(format(
               'SELECT CASE WHEN pg_catalog.to_regrole(%L) IS NULL THEN %L '
               'WHEN NOT pg_catalog.has_schema_privilege(''df'', ''USAGE WITH GRANT OPTION'') THEN ''permission denied for schema df'' '
               'ELSE ''ready'' END', quote_ident(p_role), format('role "%s" does not exist', p_role))) n
     WHERE NOT n.success OR n.result IS DISTINCT FROM 'ready';
    IF v_failed IS NOT NULL THEN
        RAISE EXCEPTION 'nothing was changed on any node, because not all are ready: %', v_failed
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    SELECT string_agg(format('%s: %s', n.address, n.result), '; ') FILTER (WHERE NOT n.success),
           string_agg(n.address, ', ') FILTER (WHERE n.success)
      INTO v_failed, v_done
      FROM df._on_all_nodes(p_command) n;
    IF v_failed IS NOT NULL THEN
        RAISE EXCEPTION 'failed on some nodes: %', v_failed
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('Done, and not undone, on %s.', COALESCE(v_done, 'none')),
                  HINT = 'Call the function again when these nodes are back: to do it twice on a node changes nothing.';
    END IF;
END
$function$;
COMMENT ON FUNCTION df._change_all_nodes(text, text) IS
    'Internal: runs a statement that concerns a role on every node, if all nodes can run it.';
