-- What pg_dump includes: every table and sequence, but not the rows of the workers and deaths, which belong to the cluster, of
-- the watches, which belong to sessions, and of requests that are done at once.
DO $do$
DECLARE
    v_relation record;
BEGIN
    FOR v_relation IN
        SELECT c.oid, c.relname FROM pg_catalog.pg_class c
         WHERE c.relnamespace OPERATOR(pg_catalog.=) 'df'::regnamespace AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'S']::"char"[])
    LOOP
        PERFORM pg_catalog.pg_extension_config_dump(
            v_relation.oid,
            CASE WHEN v_relation.relname OPERATOR(pg_catalog.=) ANY (
                     ARRAY['workers', '_worker_epoch', 'watches', 'task_watches', 'deaths', 'deletions']::name[])
                 THEN 'WHERE false' ELSE '' END);
    END LOOP;
END
$do$;
