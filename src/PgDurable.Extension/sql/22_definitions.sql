-- What roles keep for their instances: variables, workflows, limits.

CREATE TABLE df.vars (
    name     text NOT NULL,
    value    text,
    owner    regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    removed  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (owner, name)
);
COMMENT ON COLUMN df.vars.removed IS 'Setting it removes the row.';
COMMENT ON TABLE df.vars IS 'Variables of each role. df.start takes a copy, which steps read as {name}.';
COMMENT ON COLUMN df.vars.owner IS 'The role that the variable belongs to.';
COMMENT ON COLUMN df.vars.name IS 'The variable''s name.';
COMMENT ON COLUMN df.vars.value IS 'Its value. A variable whose value is NULL is not copied.';

CREATE TABLE df.registrations (
    owner          regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    version        integer NOT NULL CHECK (version OPERATOR(pg_catalog.>) 0),
    graph_id       bigint NOT NULL,
    registered_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(session_user)::regrole,
    registered_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    workflow       text NOT NULL CHECK (workflow OPERATOR(pg_catalog.<>) ''),
    description    text,
    removed        boolean NOT NULL DEFAULT false,
    changed_by     regrole,
    PRIMARY KEY (owner, workflow, version)
);
COMMENT ON COLUMN df.registrations.removed IS 'Setting it removes the row.';
COMMENT ON TABLE df.registrations IS 'Registered workflows. An instance keeps the graph that it was started with.';
COMMENT ON COLUMN df.registrations.owner IS 'The role that the version was registered as, and that may start it.';
COMMENT ON COLUMN df.registrations.version IS 'Counted from 1; the highest is the default.';
COMMENT ON COLUMN df.registrations.graph_id IS 'The graph that it runs (df.graphs).';
COMMENT ON COLUMN df.registrations.registered_by IS 'The role that was logged in when the version got this graph.';
COMMENT ON COLUMN df.registrations.registered_at IS 'When the version got this graph.';
COMMENT ON COLUMN df.registrations.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.registrations.changed_by IS 'The role that changed the row last; NULL if none did.';
COMMENT ON COLUMN df.registrations.description IS 'Free text for people.';

CREATE TABLE df.limits (
    role   regrole NOT NULL,
    value  bigint NOT NULL CHECK (value OPERATOR(pg_catalog.>=) 0),
    name   text NOT NULL,
    PRIMARY KEY (role, name)
);
COMMENT ON TABLE df.limits IS 'Limits of roles that differ from the defaults. df.set_limit writes them.';
COMMENT ON COLUMN df.limits.role IS 'The role.';
COMMENT ON COLUMN df.limits.value IS 'The limit.';
COMMENT ON COLUMN df.limits.name IS 'Name of the limit, as in df.set_limit.';
