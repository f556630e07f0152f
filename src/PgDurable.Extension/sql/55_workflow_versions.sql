CREATE VIEW df.workflow_versions WITH (security_invoker = true) AS
SELECT n.workflow,
       n.version,
       n.owner,
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(g.graph, 'UTF8')), 'hex') AS content_hash,
       n.description,
       n.registered_at,
       n.registered_by,
       g.sources[1] AS source,
       COALESCE(r.running, 0) AS running
  FROM df.registrations n
  JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) n.graph_id
  LEFT JOIN df._running_versions() r ON r.owner OPERATOR(pg_catalog.=) n.owner AND r.workflow OPERATOR(pg_catalog.=) n.workflow
        AND r.version OPERATOR(pg_catalog.=) n.version;
COMMENT ON VIEW df.workflow_versions IS 'The versions of your registered workflows.';
COMMENT ON COLUMN df.workflow_versions.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.workflow_versions.version IS 'Counted from 1; the highest is started unless another one is requested.';
COMMENT ON COLUMN df.workflow_versions.owner IS 'The role that the version was registered as, and that may start it.';
COMMENT ON COLUMN df.workflow_versions.content_hash IS
    'SHA-256 of the graph''s JSON, in hexadecimal: the ContentHash of the definition in C#.';
COMMENT ON COLUMN df.workflow_versions.description IS 'Free text for people.';
COMMENT ON COLUMN df.workflow_versions.registered_at IS 'When the version was registered, or last replaced.';
COMMENT ON COLUMN df.workflow_versions.registered_by IS 'The role that was logged in at that time.';
COMMENT ON COLUMN df.workflow_versions.source IS 'The source line of the workflow, such as Path/File.cs:21; NULL if unknown.';
COMMENT ON COLUMN df.workflow_versions.running IS 'Number of instances of this version that have not ended.';
