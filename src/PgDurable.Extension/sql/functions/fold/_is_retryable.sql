-- The default is the worker's: connections, concurrency, resources, server shutdown, the operating system; locks; timeouts and HTTP
-- failures. What an activity says about its own failure comes first.
CREATE FUNCTION df._is_retryable(p_query text, p_sqlstate text, p_retryable boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT p_retryable IS NOT FALSE AND (
        COALESCE(p_retryable, false) AND p_query::json ->> 'retry_on' IS NULL
        OR EXISTS (SELECT FROM json_array_elements_text(COALESCE(NULLIF(p_query::json ->> 'retry_on', '')::json,
                                                                 '["08","40","53","57","58","55P03","DF005","DF008"]')) p (pattern)
                    WHERE starts_with(p_sqlstate, p.pattern)))
$function$;
COMMENT ON FUNCTION df._is_retryable(text, text, boolean) IS
    'Internal: whether a RETRY with this configuration tries again after such an error.';
