CREATE FUNCTION df._signal_node(p_name text, p_timeout_json text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('SIGNAL', '{"signal_name":' || COALESCE(to_json(p_name)::text, 'null')
                                     || ',"timeout_seconds":' || COALESCE(p_timeout_json, 'null') || '}');
END
$function$;
COMMENT ON FUNCTION df._signal_node(text, text) IS 'Internal: a SIGNAL node. Its timeout is JSON: a number or a reference.';
