-- p_children: the members before query, each preceded by a comma.
CREATE FUNCTION df._config_node(p_type text, p_config text, p_children text DEFAULT '') RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text := df._config_problem(p_type, p_config::jsonb);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"' || p_type || '"' || p_children || ',"query":' || to_json(p_config)::text || '}';
END
$function$;
COMMENT ON FUNCTION df._config_node(text, text, text) IS 'Internal: the envelope of a node with a config, after checking the config.';
