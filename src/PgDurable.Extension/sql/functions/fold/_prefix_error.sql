CREATE FUNCTION df._prefix_error(p_error json, p_prefix text) RETURNS json
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN p_prefix = '' OR p_prefix IS NULL THEN p_error ELSE
        (SELECT ('{' || string_agg(to_json(e.key)::text || ':'
                                   || CASE e.key WHEN 'message' THEN to_json(p_prefix || (df._plain(p_error) ->> 'message'))::text
                                                 ELSE e.value::text END, ',' ORDER BY e.place) || '}')::json
           FROM json_each(df._plain(p_error)) WITH ORDINALITY e (key, value, place)) END
$function$;
COMMENT ON FUNCTION df._prefix_error(json, text) IS 'Internal: the error of a node below, as an enclosing node reports it.';
