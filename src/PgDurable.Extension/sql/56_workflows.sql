CREATE VIEW df.workflows WITH (security_invoker = true) AS
SELECT v.workflow,
       v.owner,
       v.version AS latest_version,
       t.versions,
       v.description,
       v.registered_at,
       t.running
  FROM (SELECT n.owner, n.workflow, pg_catalog.max(n.version) AS latest, pg_catalog.count(*)::integer AS versions,
               COALESCE(pg_catalog.sum(r.running), 0)::bigint AS running
          FROM df.registrations n
          LEFT JOIN df._running_versions() r ON r.owner OPERATOR(pg_catalog.=) n.owner AND r.workflow OPERATOR(pg_catalog.=) n.workflow
                AND r.version OPERATOR(pg_catalog.=) n.version
         GROUP BY n.owner, n.workflow) t
  JOIN df.registrations v ON v.owner OPERATOR(pg_catalog.=) t.owner AND v.workflow OPERATOR(pg_catalog.=) t.workflow
        AND v.version OPERATOR(pg_catalog.=) t.latest;
COMMENT ON VIEW df.workflows IS 'Your registered workflows.';
COMMENT ON COLUMN df.workflows.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.workflows.owner IS 'The role that it was registered as, and that may start it.';
COMMENT ON COLUMN df.workflows.latest_version IS 'The version that is started unless another one is requested.';
COMMENT ON COLUMN df.workflows.versions IS 'Number of versions: see df.workflow_versions.';
COMMENT ON COLUMN df.workflows.description IS 'Description of the latest version.';
COMMENT ON COLUMN df.workflows.registered_at IS 'When the latest version was registered.';
COMMENT ON COLUMN df.workflows.running IS 'Number of instances of the registered versions that have not ended.';
