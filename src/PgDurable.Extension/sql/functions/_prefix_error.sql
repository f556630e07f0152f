CREATE FUNCTION df._prefix_error(p_error json, p_prefix text) RETURNS json
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ('{' || string_agg(to_json(e.key)::text || ':' || CASE e.key WHEN 'message' THEN to_json(p_prefix || (p_error ->> 'message'))::text
                                                                        ELSE e.value::text END, ',' ORDER BY e.place) || '}')::json
      FROM json_each(p_error) WITH ORDINALITY e (key, value, place)
$function$;
COMMENT ON FUNCTION df._prefix_error(json, text) IS 'Internal: the error of a node below, as an enclosing node reports it.';
