CREATE FUNCTION df.retry(node text, max_attempts integer DEFAULT 3, delay_seconds numeric DEFAULT 1, backoff numeric DEFAULT 2,
                         max_delay_seconds numeric DEFAULT 60, retry_on text[] DEFAULT NULL, retry_after boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._retry_node(node, max_attempts, to_json(trim_scale(delay_seconds))::text, backoff, max_delay_seconds, retry_on, retry_after);
END
$function$;
COMMENT ON FUNCTION df.retry(text, integer, numeric, numeric, numeric, text[], boolean) IS
    'Runs a node again if it fails, up to max_attempts times: after delay_seconds, then after backoff times as long, and so on up to '
    'max_delay_seconds. retry_on lists SQLSTATEs or classes; the default is errors that pass by themselves. With retry_after, a response '
    'with status 429 counts as a failure, and a delay is at least as long as the server asks, up to max_delay_seconds.';
