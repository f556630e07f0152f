namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>What hostile code of a role tries, and the ways in which it gets to run.</summary>
static class Attacks
{
    /// <summary>Statements of PL/pgSQL.</summary>
    public static readonly string[] Things =
    [
        // Becoming somebody else.
        "SET ROLE postgres",
        "SET ROLE bob",
        "RESET ROLE",
        "SET SESSION AUTHORIZATION postgres",
        "SET SESSION AUTHORIZATION bob",
        "RESET SESSION AUTHORIZATION",
        "PERFORM set_config('role', 'postgres', false)",
        "PERFORM set_config('role', 'none', true)",
        "PERFORM set_config('session_authorization', 'postgres', false)",
        "PERFORM set_config('session_authorization', NULL, false)",
        "PERFORM set_config('is_superuser', 'on', false)",
        "DISCARD ALL",
        "EXECUTE 'SET ' || 'ROLE postgres'",
        "EXECUTE 'CREATE OR REPLACE FUNCTION alice.become() RETURNS void LANGUAGE sql SET role = ''postgres'' AS '''''; "
            + "PERFORM alice.become()",
        "EXECUTE 'CREATE OR REPLACE FUNCTION alice.become() RETURNS void LANGUAGE sql SET session_authorization = ''postgres'' AS '''''; "
            + "PERFORM alice.become()",
        // Gaining rights.
        "ALTER ROLE alice SUPERUSER",
        "ALTER ROLE alice CREATEROLE",
        "ALTER ROLE pgdurable_worker SUPERUSER",
        "GRANT postgres TO alice",
        "GRANT pgdurable_worker TO alice",
        "GRANT pg_read_server_files TO alice",
        "CREATE ROLE mallory SUPERUSER",
        "ALTER ROLE postgres SET search_path = alice",
        "ALTER DATABASE postgres SET search_path = alice",
        "ALTER SYSTEM SET pg_durable.worker_role = 'alice'",
        "SET pg_durable.session = ''",
        "GRANT ALL ON ALL TABLES IN SCHEMA df TO alice",
        "ALTER TABLE df.checkpoints OWNER TO alice",
        "CREATE EVENT TRIGGER mallory ON ddl_command_end EXECUTE FUNCTION alice.event()",
        "CREATE TRIGGER mallory AFTER INSERT ON df.submissions FOR EACH ROW EXECUTE FUNCTION alice.event()",
        "CREATE FUNCTION pg_catalog.mallory() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OPERATOR df.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_catalog.int8eq)",
        "CREATE FUNCTION alice.c() RETURNS int LANGUAGE c AS 'pg_durable', 'pg_durable_seal'",
        // The worker's functions, tables and session.
        "PERFORM df._enter('bob'::regrole, sha256('x'))",
        "PERFORM df._require_worker()",
        "PERFORM df._commit_step(sha256('x'), 1, 1, 0, '', 0, 1, now(), '{}', NULL, true, NULL)",
        "PERFORM df._worker_claim(1, 1, NULL)",
        "PERFORM df._worker_record(1, '[]')",
        "PERFORM df._worker_setting('worker_role')",
        "PERFORM df._cancel(1, 'x', true)",
        "PERFORM df.grant_usage('alice', true, true)",
        "INSERT INTO df.outcomes (instance_no, status) VALUES (1, 'completed')",
        "UPDATE df.queue SET worker_id = NULL",
        "DELETE FROM df.checkpoints",
        "LOCK TABLE df.queue IN ACCESS EXCLUSIVE MODE",
        "PERFORM count(*) FROM pg_prepared_statements",
        "DEALLOCATE ALL",
        "PREPARE mallory AS SELECT 1",
        "LISTEN pg_durable",
        "LOAD 'auto_explain'",
        "SET client_encoding = 'LATIN1'",
        "SET client_connection_check_interval = 0",
        "SET exit_on_error = on",
        "SET transaction_read_only = off",
        "COMMIT",
        "ROLLBACK",
        "PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
        // Other roles' data, and the server's.
        "INSERT INTO public.trace (what, who) SELECT s, 'stolen' FROM bob.secrets",
        "INSERT INTO public.trace (what, who) SELECT input::text, 'stolen' FROM df.submissions",
        "INSERT INTO public.trace (what, who) SELECT pg_read_file('postgresql.conf'), 'stolen'",
        "PERFORM lo_import('/etc/passwd')",
        "COPY public.trace (what) FROM '/etc/passwd'",
        "COPY public.trace (what) FROM PROGRAM 'id'",
    ];

    /// <summary>Ways in from a step. <c>_F_</c> stands for the call of a function that makes the attempt.</summary>
    public static readonly Dictionary<string, string[]> Ways = new()
    {
        ["step"] = ["SELECT _F_"],
        ["nested block"] = ["DO $$ BEGIN BEGIN PERFORM 1/0; EXCEPTION WHEN OTHERS THEN PERFORM _F_; END; END $$"],
        ["cursor"] = ["DO $$ DECLARE c refcursor; v int; BEGIN OPEN c FOR SELECT _F_; FETCH c INTO v; END $$"],
        ["procedure"] = ["CREATE PROCEDURE alice.p() LANGUAGE plpgsql AS 'BEGIN PERFORM _F_; END'", "CALL alice.p()"],
        ["definer function"] = ["CREATE FUNCTION alice.d() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT _F_'", "SELECT alice.d()"],
        ["function with settings"] =
            ["CREATE FUNCTION alice.d() RETURNS int LANGUAGE sql SET work_mem = '1MB' AS 'SELECT _F_'", "SELECT alice.d()"],
        ["constant folding"] =
            ["CREATE FUNCTION alice.i() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'", "EXPLAIN SELECT alice.i()"],
        ["trigger"] =
        [
            "CREATE FUNCTION alice.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM _F_; RETURN NEW; END'",
            "CREATE TABLE alice.bait (a int)", "CREATE TRIGGER t BEFORE INSERT ON alice.bait FOR EACH ROW EXECUTE FUNCTION alice.t()",
            "INSERT INTO alice.bait VALUES (1)",
        ],
        ["deferred trigger"] =
        [
            "CREATE FUNCTION alice.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM _F_; RETURN NULL; END'",
            "CREATE TABLE alice.bait (a int)",
            "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON alice.bait DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION alice.t()",
            "INSERT INTO alice.bait VALUES (1)",
        ],
        ["index expression"] =
        [
            "CREATE FUNCTION alice.i(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'",
            "CREATE TABLE alice.bait (a int)", "INSERT INTO alice.bait VALUES (1)",
            "CREATE INDEX ON alice.bait (alice.i(a))",
        ],
        ["generated column"] =
        [
            "CREATE FUNCTION alice.i(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'",
            "CREATE TABLE alice.bait (a int, b int GENERATED ALWAYS AS (alice.i(a)) STORED)", "INSERT INTO alice.bait VALUES (1)",
        ],
        ["default"] = ["CREATE TABLE alice.bait (a int DEFAULT _F_)", "INSERT INTO alice.bait DEFAULT VALUES"],
        ["check"] = ["CREATE TABLE alice.bait (a int CHECK (_F_ IS NOT NULL))", "INSERT INTO alice.bait VALUES (1)"],
        ["domain"] = ["CREATE DOMAIN alice.trap AS int CHECK (_F_ IS NOT NULL)", "SELECT 1::alice.trap"],
        ["cast"] =
        [
            "CREATE TYPE alice.trap AS (a int)", "CREATE FUNCTION alice.f(alice.trap) RETURNS int LANGUAGE sql AS 'SELECT _F_'",
            "CREATE CAST (alice.trap AS int) WITH FUNCTION alice.f(alice.trap)",
            "SELECT ROW(1)::alice.trap::int",
        ],
        ["operator"] =
        [
            "CREATE FUNCTION alice.eq(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT _F_ IS NOT NULL'",
            "CREATE OPERATOR alice.= (LEFTARG = int, RIGHTARG = int, FUNCTION = alice.eq)",
            "SET search_path = alice, pg_catalog", "SELECT 1 = 2",
        ],
        ["aggregate"] =
        [
            "CREATE FUNCTION alice.acc(int, int) RETURNS int LANGUAGE sql AS 'SELECT _F_'",
            "CREATE AGGREGATE alice.trap(int) (SFUNC = alice.acc, STYPE = int, INITCOND = '0')", "SELECT alice.trap(1)",
        ],
        ["policy"] =
        [
            "CREATE TABLE alice.bait (a int)", "INSERT INTO alice.bait VALUES (1)", "ALTER TABLE alice.bait ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE alice.bait FORCE ROW LEVEL SECURITY",
            "CREATE POLICY p ON alice.bait USING (_F_ IS NOT NULL)", "SELECT * FROM alice.bait",
        ],
        ["view"] = ["CREATE VIEW alice.bait AS SELECT _F_ AS a", "SELECT * FROM alice.bait"],
        ["rule"] = ["CREATE TABLE alice.bait (a int)", "CREATE RULE r AS ON INSERT TO alice.bait DO ALSO SELECT _F_",
            "INSERT INTO alice.bait VALUES (1)"],
        ["materialized view"] = ["CREATE MATERIALIZED VIEW alice.bait AS SELECT _F_ AS a", "REFRESH MATERIALIZED VIEW alice.bait"],
        ["partition key"] =
        [
            "CREATE FUNCTION alice.i(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'",
            "CREATE TABLE alice.bait (a int) PARTITION BY LIST (alice.i(a))",
            "CREATE TABLE alice.part PARTITION OF alice.bait DEFAULT", "INSERT INTO alice.bait VALUES (1)",
        ],
        ["temporary function"] = ["CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT _F_'", "SELECT pg_temp.f()"],
        ["event trigger of an administrator"] = ["CREATE TABLE alice.event_bait ()"],
    };

    /// <summary>Ways in from a statement that runs on its own; the objects exist before.</summary>
    public static readonly Dictionary<string, (string Setup, string Statement)> WaysAlone = new()
    {
        ["block that commits"] = ("", "DO $$ BEGIN COMMIT; PERFORM _F_; COMMIT; PERFORM _F_; END $$"),
        ["procedure that commits"] =
            ("CREATE PROCEDURE alice.p() LANGUAGE plpgsql AS 'BEGIN COMMIT; PERFORM _F_; COMMIT; END'", "CALL alice.p()"),
        ["index concurrently"] =
        (
            "CREATE FUNCTION alice.i(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'; "
                + "CREATE TABLE alice.bait (a int); INSERT INTO alice.bait VALUES (1)",
            "CREATE INDEX CONCURRENTLY bait_idx ON alice.bait (alice.i(a))"
        ),
        ["reindex concurrently"] =
        (
            "CREATE FUNCTION alice.i(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'; "
                + "CREATE TABLE alice.bait (a int); INSERT INTO alice.bait VALUES (1); CREATE INDEX ON alice.bait (alice.i(a))",
            "REINDEX TABLE CONCURRENTLY alice.bait"
        ),
        ["vacuum analyze"] =
        (
            "CREATE FUNCTION alice.i(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN _F_; END'; "
                + "CREATE TABLE alice.bait (a int); INSERT INTO alice.bait VALUES (1); CREATE INDEX ON alice.bait (alice.i(a))",
            "VACUUM ANALYZE alice.bait"
        ),
    };
}
