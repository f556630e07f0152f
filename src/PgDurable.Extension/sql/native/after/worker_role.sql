-- What the worker's sessions may do: enter a role, which takes a token, and call the worker's own functions, which check the caller.
GRANT USAGE ON SCHEMA df TO pgdurable_worker;
GRANT EXECUTE ON FUNCTION df._enter(oid, bytea) TO pgdurable_worker;
DO $do$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
         WHERE p.pronamespace OPERATOR(pg_catalog.=) 'df'::regnamespace AND pg_catalog.starts_with(p.proname, '_worker_')
    LOOP
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO pgdurable_worker', v_function);
    END LOOP;
END
$do$;
