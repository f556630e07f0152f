CREATE FUNCTION df.pace(node text, min_interval_ms integer) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node    text := df._as_node(node);
    v_config  json;
    v_query   text;
    v_problem text;
BEGIN
    IF v_node::jsonb ->> 'node_type' <> 'LOOP' THEN
        RAISE EXCEPTION 'df.pace: expected a loop, not %', v_node::jsonb ->> 'node_type'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Write df.pace(df.loop(…), min_interval_ms).';
    END IF;
    BEGIN
        v_config := v_node::jsonb ->> 'query';
    EXCEPTION WHEN invalid_text_representation THEN
        RAISE EXCEPTION 'query in LOOP must be valid JSON config: %', SQLERRM USING ERRCODE = 'invalid_parameter_value';
    END;
    IF json_typeof(v_config) <> 'object' THEN
        RAISE EXCEPTION 'query in LOOP must be a JSON config object' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_query := COALESCE((SELECT string_agg(to_json(c.key)::text || ':' || c.value::text || ',', '' ORDER BY c.place)
                           FROM json_each(v_config) WITH ORDINALITY c (key, value, place) WHERE c.key <> 'min_interval_ms'), '');
    v_query := '{' || v_query || '"min_interval_ms":' || min_interval_ms || '}';
    v_problem := df._config_problem('LOOP', v_query::jsonb);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df._with_member(v_node, 'query', to_json(v_query));
END
$function$;
COMMENT ON FUNCTION df.pace(text, integer) IS
    'Gives a loop its own pace: the minimum number of milliseconds from the beginning of one iteration to that of the next, from 0 to one '
    'day.';
