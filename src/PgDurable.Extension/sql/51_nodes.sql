-- Here and not in the table's definition, because the function comes later.
ALTER TABLE df.graphs ADD COLUMN steps df._step[] GENERATED ALWAYS AS (df._sequence(graph)) STORED;
COMMENT ON COLUMN df.graphs.steps IS 'Its nodes, if it consists of steps and sequences of them; NULL for any other graph.';

-- Most instances have completed, and are sequences of steps: what their nodes show is in their checkpoints. Their status is a constant, so
-- a query for another status doesn't look at their nodes. All others are folded. As in df.instances, an instance has completed if it is
-- neither in df.queue nor among the outcomes of another kind.
--
-- A join by instance_id must read only the instances that it finds. So the two kinds are within the LATERAL, and not around it. And there
-- are only four relations here: more than eight in one query (join_collapse_limit), and the planner would join these by themselves first.
CREATE VIEW df.nodes WITH (security_invoker = true) AS
SELECT df._node_id(n.node)::varchar(8) AS id,
       s.id AS instance_id,
       n.node_type,
       df._node_query(n.node_type, n.query, n.children) AS query,
       n.result_name,
       df._node_id(n.children[1])::varchar(8) AS left_node,
       (CASE WHEN n.node_type OPERATOR(pg_catalog.<>) 'LOOP' THEN df._node_id(n.children[2]) END)::varchar(8) AS right_node,
       n.status,
       -- A failed node shows its message as its result, where users of pg_durable look for it.
       COALESCE(df._jsonb(n.result), pg_catalog.to_jsonb(df._message(n.error))) AS result,
       df._message(n.error) AS error,
       s.submitted_by,
       s.database,
       s.created_at,
       COALESCE(n.finished_at, n.started_at, s.created_at) AS updated_at,
       CASE WHEN n.path OPERATOR(pg_catalog.<>) ''
            THEN COALESCE(n.failures, '{}') OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('path', n.path, 'number', n.number)
            ELSE n.failures END AS status_details,
       n.inferred_status,
       df._node_id(n.inferred_from) AS inferred_status_from_ancestor_id,
       n.started_at,
       n.finished_at,
       df._jsonb(n.error) AS error_details
  FROM df.submissions s
  JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) s.graph_id
  LEFT JOIN (SELECT q.instance_no, 'live' AS status FROM df.queue q
             UNION ALL SELECT o.instance_no, o.status FROM df.outcomes o) u
    ON u.instance_no OPERATOR(pg_catalog.=) s.instance_no AND u.status OPERATOR(pg_catalog.<>) 'completed'
 CROSS JOIN LATERAL (
    -- Subqueries, so that a query that asks for none of these columns reads no checkpoints.
    SELECT t.node, t.node_type, t.query, t.result_name, t.children, 'completed' AS status,
           (SELECT c.result FROM df.checkpoints c
             WHERE c.instance_no OPERATOR(pg_catalog.=) s.instance_no AND c.node OPERATOR(pg_catalog.=) t.last
               AND c.path OPERATOR(pg_catalog.=) '') AS result,
           NULL::json AS error, 'completed' AS inferred_status, NULL::integer AS inferred_from, '' AS path, NULL::integer AS number,
           (SELECT pg_catalog.min(c.started_at) FROM df.checkpoints c
             WHERE c.instance_no OPERATOR(pg_catalog.=) s.instance_no
               AND c.node OPERATOR(pg_catalog.>=) t.first AND c.node OPERATOR(pg_catalog.<=) t.last) AS started_at,
           (SELECT pg_catalog.max(c.finished_at) FROM df.checkpoints c
             WHERE c.instance_no OPERATOR(pg_catalog.=) s.instance_no
               AND c.node OPERATOR(pg_catalog.>=) t.first AND c.node OPERATOR(pg_catalog.<=) t.last) AS finished_at,
           NULL::jsonb AS failures
      FROM pg_catalog.unnest(g.steps) t
     WHERE u.instance_no IS NULL
     UNION ALL
    SELECT n.node, n.node_type, n.query, n.result_name, n.children, n.status, n.result, n.error, n.inferred_status, n.inferred_from, n.path,
           n.number, n.started_at, n.finished_at, n.failures
      FROM df._node_states(s.instance_no) n
     WHERE g.steps IS NULL OR u.instance_no IS NOT NULL) n;
COMMENT ON VIEW df.nodes IS 'The nodes of your instances and what became of them. Filter by instance: WHERE instance_id = …';
COMMENT ON COLUMN df.nodes.id IS 'The node''s number in its graph, in pre-order, as 8 hexadecimal digits; unique within the instance.';
COMMENT ON COLUMN df.nodes.instance_id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.nodes.node_type IS 'SQL, THEN, IF, JOIN, LOOP, …';
COMMENT ON COLUMN df.nodes.query IS
    'The SQL of a step; for any other node its configuration, with the ids of a condition and of further branches.';
COMMENT ON COLUMN df.nodes.result_name IS 'The name that the result is bound to.';
COMMENT ON COLUMN df.nodes.left_node IS 'Id of the first child.';
COMMENT ON COLUMN df.nodes.right_node IS 'Id of the second child.';
COMMENT ON COLUMN df.nodes.status IS
    'pending, running, completed or failed. A stopped node is failed; a skipped node, or one that lost a race, is pending.';
COMMENT ON COLUMN df.nodes.result IS 'The result, or the error message. For a node in a loop, that of the last iteration.';
COMMENT ON COLUMN df.nodes.error IS 'The error message, if it failed.';
COMMENT ON COLUMN df.nodes.submitted_by IS 'The role that the steps run as.';
COMMENT ON COLUMN df.nodes.database IS 'The database that the steps run in; NULL means this one.';
COMMENT ON COLUMN df.nodes.created_at IS 'Time of the transaction that called df.start.';
COMMENT ON COLUMN df.nodes.updated_at IS 'When the node ended, or else began, or else was submitted.';
COMMENT ON COLUMN df.nodes.status_details IS
    'Inside loops, retries and foreach: the path, and the number of the iteration, attempt or item. For a loop that continues on failure: '
    'failed_iterations, and last_error with message, sqlstate and node.';
COMMENT ON COLUMN df.nodes.inferred_status IS
    'status, but skipped for a node that was skipped or lost a race, and cancelled for a node that was stopped.';
COMMENT ON COLUMN df.nodes.inferred_status_from_ancestor_id IS
    'The node above whose end or choice caused this one to be skipped or stopped.';
COMMENT ON COLUMN df.nodes.started_at IS 'When it began.';
COMMENT ON COLUMN df.nodes.finished_at IS 'When it ended.';
COMMENT ON COLUMN df.nodes.error_details IS 'Why it failed: message, sqlstate, detail, hint, node, step, attempt and the SQL as it ran.';
CREATE TRIGGER written INSTEAD OF INSERT OR UPDATE OR DELETE ON df.nodes FOR EACH ROW EXECUTE FUNCTION df._view_written();
