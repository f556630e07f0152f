-- What users named could otherwise look like a line of the answer.
CREATE FUNCTION df._one_line(p_text text, p_length integer DEFAULT 200) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN length(l.line) > p_length THEN left(l.line, p_length - 1) || '…' ELSE l.line END
      FROM (SELECT btrim(regexp_replace(p_text, '[[:space:][:cntrl:]]+', ' ', 'g'))) l (line)
$function$;
COMMENT ON FUNCTION df._one_line(text, integer) IS 'Internal: the beginning of a text in one line.';
