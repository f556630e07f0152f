CREATE FUNCTION df.fail(message text, sqlstate text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('FAIL', '{"message":' || COALESCE(to_json(fail.message)::text, 'null')
                                   || ',"sqlstate":' || COALESCE(to_json(fail.sqlstate)::text, 'null') || '}');
END
$function$;
COMMENT ON FUNCTION df.fail(text, text) IS
    'Fails with an error of your own; its SQLSTATE is DF006 unless you give another one. The message may refer to results.';
