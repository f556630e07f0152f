CREATE FUNCTION df.migrate_instances(workflow text, from_version integer, to_version integer, dry_run boolean DEFAULT false)
RETURNS TABLE (id text, moved boolean, reason text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
DECLARE
    v_role     regrole := quote_ident(current_user)::regrole;
    v_graph    text;
    v_instance record;
BEGIN
    IF from_version IS NULL OR to_version IS NULL OR dry_run IS NULL THEN
        RAISE EXCEPTION 'df.migrate_instances needs both versions' USING ERRCODE = 'null_value_not_allowed';
    ELSIF from_version = to_version THEN
        RAISE EXCEPTION 'the versions are the same: %', to_version USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT g.graph INTO v_graph FROM df.graphs g WHERE g.graph_id = (df._workflow(v_role, workflow, to_version)).graph_id;
    FOR v_instance IN
        SELECT s.instance_no, s.id
          FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
         WHERE q.submitted_by = v_role AND s.workflow = workflow AND s.workflow_version = from_version
         ORDER BY s.instance_no
    LOOP
        id := v_instance.id;
        moved := true;
        reason := NULL;
        BEGIN
            IF dry_run THEN
                PERFORM df._check_move(v_instance.instance_no, v_graph);
            ELSE
                INSERT INTO df.moves (instance_no, version) VALUES (v_instance.instance_no, to_version);
            END IF;
        EXCEPTION WHEN SQLSTATE 'DF024' THEN
            moved := false;
            reason := SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df.migrate_instances(text, integer, integer, boolean) IS
    'Moves your running instances of a version of a workflow to another version, wherever the two are the same as far as an instance has '
    'come. One row for each: whether it was moved, and if not, why. With dry_run, only says which would be moved.';
