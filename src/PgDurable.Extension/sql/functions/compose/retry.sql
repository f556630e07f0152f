CREATE FUNCTION df.retry(node text, max_attempts integer DEFAULT 3, delay_seconds numeric DEFAULT 1, backoff numeric DEFAULT 2,
                         max_delay_seconds numeric DEFAULT 60, retry_on text[] DEFAULT NULL, retry_after boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(node);
BEGIN
    RETURN df._config_node('RETRY', format('{"max_attempts":%s,"delay_seconds":%s,"backoff":%s,"max_delay_seconds":%s,"retry_on":%s%s}',
        COALESCE(to_json(max_attempts)::text, 'null'), COALESCE(to_json(trim_scale(delay_seconds))::text, 'null'),
        COALESCE(to_json(trim_scale(backoff))::text, 'null'), COALESCE(to_json(trim_scale(max_delay_seconds))::text, 'null'),
        COALESCE(array_to_json(retry_on)::text, 'null'), CASE WHEN retry_after THEN ',"retry_after":true' ELSE '' END), v_children);
END
$function$;
COMMENT ON FUNCTION df.retry(text, integer, numeric, numeric, numeric, text[], boolean) IS
    'Runs a node again if it fails, up to max_attempts times: after delay_seconds, then after backoff times as long, and so on up to '
    'max_delay_seconds. retry_on lists SQLSTATEs or classes; the default is errors that pass by themselves. With retry_after, a response '
    'with status 429 counts as a failure, and a delay is at least as long as the server asks, up to max_delay_seconds.';
