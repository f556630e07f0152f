CREATE FUNCTION df._search_words() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY['error', 'id', 'label', 'since', 'status', 'step', 'until', 'workflow']
$function$;
COMMENT ON FUNCTION df._search_words() IS 'Internal: the words of df.search. Any other word is the key of a tag, so no tag has these keys.';
