-- The parts that are json are inserted as they are stored, and never taken apart. One line per checkpoint, for those who keep such
-- documents in Git. UTC, so that the same run gives the same text everywhere.
CREATE FUNCTION df.export_history(id text) RETURNS json
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(export_history.id);
BEGIN
    RETURN (
        SELECT json_build_object(
                   'format', 1, 'instance', s.id, 'workflow', s.workflow, 'version', s.workflow_version, 'label', s.label,
                   'status', i.status, 'graph', g.graph::json, 'input', s.input, 'vars', s.vars, 'started_at', i.started_at,
                   'ended_at', i.ended_at,
                   'result', CASE WHEN i.status = 'completed' THEN COALESCE(o.result, r.result) END, 'error', o.error,
                   'checkpoints', ('[' || COALESCE(c.checkpoints, '') || ']')::json)
          FROM df.submissions s
          JOIN df.instances i ON i.id = s.id
          JOIN df.graphs g ON g.graph_id = s.graph_id
          LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
          LEFT JOIN df.checkpoints r ON r.instance_no = o.instance_no AND r.node = o.result_node AND r.path = o.result_path
         CROSS JOIN LATERAL (
            SELECT string_agg(json_build_object(
                       'seq', c.seq, 'node', c.node, 'path', c.path, 'attempt', c.attempt, 'started_at', c.started_at,
                       'finished_at', c.finished_at, 'result', c.result, 'columns', c.columns, 'error', c.error)::text,
                       E',\n' ORDER BY c.seq, c.finished_at, c.node) AS checkpoints
              FROM df.checkpoints c
             WHERE c.instance_no = s.instance_no) c
         WHERE s.instance_no = v_instance_no);
END
$function$;
COMMENT ON FUNCTION df.export_history(text) IS
    'Everything that an instance did, as one JSON document for PgDurable.Testing: the graph, the input, and every checkpoint as it is '
    'stored, in the order in which the engine took them. It contains the data that the steps saw.';
