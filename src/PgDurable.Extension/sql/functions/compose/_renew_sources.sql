-- Never waits: whoever has locked the row is also writing sources, or is dropping the graph. If two starts each bring their own sources
-- (an old and a new release of the application), they take turns, and neither fails because of it.
CREATE FUNCTION df._renew_sources(p_graph_id bigint, p_sources text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph   text;
    v_problem text;
BEGIN
    BEGIN
        SELECT g.graph INTO v_graph
          FROM df.graphs g WHERE g.graph_id = p_graph_id AND g.sources IS DISTINCT FROM p_sources FOR NO KEY UPDATE SKIP LOCKED;
    EXCEPTION WHEN serialization_failure THEN
        RETURN; -- somebody else was faster, after this transaction took its snapshot
    END;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_problem := df._sources_problem(v_graph, p_sources);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE df.graphs g SET sources = p_sources WHERE g.graph_id = p_graph_id;
END
$function$;
COMMENT ON FUNCTION df._renew_sources(bigint, text[]) IS
    'Internal: records where the nodes of a graph are written now, unless that is known or somebody else is about to record it.';
