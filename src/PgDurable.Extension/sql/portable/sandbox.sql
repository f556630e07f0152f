-- Without the C module there is no identity switch: a worker runs only the instances of the role it is logged in as.
--
-- Every role that may start workflows may execute df._commit_step. A secret of the connection proves that the worker calls it; the
-- secret's hash is in a table that only the schema's owner reads.
CREATE TABLE df._step_sessions (
    pid          integer PRIMARY KEY,
    role         regrole NOT NULL,
    secret_hash  bytea NOT NULL
);
COMMENT ON TABLE df._step_sessions IS 'Connections on which workers run steps.';
COMMENT ON COLUMN df._step_sessions.pid IS 'Process id of the connection.';
COMMENT ON COLUMN df._step_sessions.role IS 'The role that is logged in.';
COMMENT ON COLUMN df._step_sessions.secret_hash IS 'SHA-256 of the secret that the worker gave the connection.';
ALTER TABLE df._step_sessions ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION df._open_session(p_secret bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    DELETE FROM df._step_sessions s WHERE NOT EXISTS (SELECT FROM pg_stat_get_activity(NULL) a WHERE a.pid = s.pid);
    INSERT INTO df._step_sessions AS s (pid, role, secret_hash)
    VALUES (pg_backend_pid(), quote_ident(session_user)::regrole, sha256(p_secret))
        ON CONFLICT (pid) DO UPDATE SET role = excluded.role, secret_hash = excluded.secret_hash
$function$;
COMMENT ON FUNCTION df._open_session(bytea) IS
    'Worker only: gives this connection the secret that later proves that a checkpoint is the worker''s.';

CREATE FUNCTION df._enter(p_role oid, p_token bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF quote_ident(session_user)::regrole <> p_role THEN
        RAISE EXCEPTION 'this worker runs as "%" and cannot run a step of %', session_user, p_role::regrole USING ERRCODE = 'DF010';
    END IF;
    PERFORM set_config('df.in_workflow', 'true', true);
END
$function$;
COMMENT ON FUNCTION df._enter(oid, bytea) IS 'Internal: marks the transaction as a workflow step of the connected role.';

CREATE FUNCTION df._is_step_session(p_secret bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM df._step_sessions s
         WHERE s.pid = pg_backend_pid() AND s.secret_hash = sha256(p_secret) AND s.role = quote_ident(session_user)::regrole)
$function$;
COMMENT ON FUNCTION df._is_step_session(bytea) IS 'Internal: whether a worker opened this connection and gave it this secret.';

CREATE FUNCTION df._require_worker() RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT NULL::void WHERE false
$function$;
COMMENT ON FUNCTION df._require_worker() IS
    'Internal: checks nothing without the C module, where only the schema''s owner may execute the functions that call it.';
