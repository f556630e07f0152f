CREATE FUNCTION df.retry(node text, max_attempts integer, delay_seconds text, backoff numeric DEFAULT 2,
                         max_delay_seconds numeric DEFAULT 60, retry_on text[] DEFAULT NULL, retry_after boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT df._is_reference(delay_seconds) THEN
        RETURN df.retry(node, max_attempts, df._seconds(delay_seconds)::numeric, backoff, max_delay_seconds, retry_on, retry_after);
    END IF;
    RETURN df._retry_node(node, max_attempts, to_json(delay_seconds)::text, backoff, max_delay_seconds, retry_on, retry_after);
END
$function$;
COMMENT ON FUNCTION df.retry(text, integer, text, numeric, numeric, text[], boolean) IS
    'The same with a delay that is an interval such as ''1 minute'', or a reference such as ''$input.delay'', which is read when an '
    'attempt has failed.';
