-- The worker's side of the C module (src/session.c, src/sandbox.c).
--
-- The worker's sessions have this role instead of their superuser's rights. It owns nothing and nobody logs in as it. It stays when the
-- extension is dropped, because other databases of the server may use it.
DO $do$
BEGIN
    CREATE ROLE pgdurable_worker NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    COMMENT ON ROLE pgdurable_worker IS 'The role of the sessions of pg_durable''s worker between the steps of other roles.';
EXCEPTION WHEN duplicate_object THEN
    IF (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) 'pgdurable_worker') THEN
        RAISE EXCEPTION 'role pgdurable_worker is a superuser, but must have no rights of its own'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run ALTER ROLE pgdurable_worker NOSUPERUSER, or rename that role.';
    END IF;
END
$do$;

-- Neither a SET clause nor SECURITY DEFINER: what _enter changes must outlive the call, and PostgreSQL undoes such changes when a
-- function with either returns. (_require_worker looks nothing up.)
CREATE FUNCTION df._enter(p_role oid, p_token bytea) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_enter';
REVOKE ALL ON FUNCTION df._enter(oid, bytea) FROM PUBLIC;
COMMENT ON FUNCTION df._enter(oid, bytea) IS
    'Worker only: makes the rest of this transaction run as the role, with no way back before it ends.';

CREATE FUNCTION df._require_worker() RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_require_worker';
REVOKE ALL ON FUNCTION df._require_worker() FROM PUBLIC;
COMMENT ON FUNCTION df._require_worker() IS
    'Internal: raises an error unless the calling function was called by a session of the worker or by a superuser.';
