CREATE FUNCTION df.activity(name text, input jsonb DEFAULT NULL, queue text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('ACTIVITY', format('{"activity":%s,"input":%s,"queue":%s}', COALESCE(to_json(name)::text, 'null'),
        COALESCE(df._compact(input::text), 'null'), COALESCE(to_json(queue)::text, 'null')));
END
$function$;
COMMENT ON FUNCTION df.activity(text, jsonb, text) IS
    'Makes a task for code outside of the database, and waits for its end; what df.complete_task is given becomes the step''s result. '
    'References in input are replaced as in df.http_json. Only those who claim from that queue get the task; NULL is the default queue.';
