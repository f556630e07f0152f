CREATE FUNCTION df.foreach(rows text, body text, item_name text DEFAULT 'item', max_parallel integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(body);
BEGIN
    RETURN df._config_node('FOREACH', format('{"rows":%s,"item_name":%s,"max_parallel":%s}', COALESCE(to_json(rows)::text, 'null'),
        COALESCE(to_json(item_name)::text, 'null'), COALESCE(max_parallel::text, 'null')), v_children);
END
$function$;
COMMENT ON FUNCTION df.foreach(text, text, text, integer) IS
    'Runs the body once for each row of the named result, at most max_parallel (default 10) at the same time; the body reads '
    '$item.column. The result is an array in the order of the rows.';
