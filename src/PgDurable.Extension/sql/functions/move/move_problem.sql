CREATE FUNCTION df.move_problem(instance_id text, graph text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_graph       text := df._as_node(graph, p_strict => true);
BEGIN
    PERFORM df._validate(v_graph);
    PERFORM df._check_move(v_instance_no, v_graph);
    RETURN NULL;
EXCEPTION WHEN SQLSTATE 'DF024' THEN
    RETURN SQLERRM;
END
$function$;
COMMENT ON FUNCTION df.move_problem(text, text) IS
    'Why a running instance can''t go on with another graph now, one that is not registered yet; NULL if it could: see '
    'df.migrate_instances.';
