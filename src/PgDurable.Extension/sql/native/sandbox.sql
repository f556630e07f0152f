-- The identity sandbox in C (src/sandbox.c). None of these may get a SET clause or SECURITY DEFINER: what _enter
-- changes must outlive the call, and PostgreSQL undoes such changes when a function with either returns.

CREATE FUNCTION df._open_session(p_secret bytea) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_open_session';
REVOKE ALL ON FUNCTION df._open_session(bytea) FROM PUBLIC;
COMMENT ON FUNCTION df._open_session(bytea) IS
    'Worker only: gives this connection the secret that later proves a checkpoint to be the worker''s. Once per connection.';

CREATE FUNCTION df._enter(p_role oid) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_enter';
REVOKE ALL ON FUNCTION df._enter(oid) FROM PUBLIC;
COMMENT ON FUNCTION df._enter(oid) IS
    'Worker only: makes the rest of this transaction run as the role, with no way back before its end.';

CREATE FUNCTION df._in_sandbox(p_secret bytea) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_in_sandbox';
REVOKE ALL ON FUNCTION df._in_sandbox(bytea) FROM PUBLIC;
COMMENT ON FUNCTION df._in_sandbox(bytea) IS
    'Worker only: whether this transaction is inside df._enter and the secret is this connection''s. When true, the transaction may commit.';
