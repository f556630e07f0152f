CREATE FUNCTION df._search_terms(p_query text) RETURNS TABLE (place integer, negated boolean, word text, value text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_part text[];
    v_hint text := 'Write word:value, with "quotes" around a value that has spaces and - in front of a term to exclude. The words are '
        || array_to_string(df._search_words(), ', ') || ', and the keys of tags.';
BEGIN
    IF length(p_query) > 10000 THEN
        PERFORM df._search_error(10001, 'the query is too long', 'At most 10000 characters are allowed.');
    END IF;
    place := 1;
    LOOP
        place := place + length(substring(substr(p_query, place) FROM '^\s*'));
        EXIT WHEN place > length(p_query);
        v_part := regexp_match(substr(p_query, place), '^((-?)([A-Za-z_][A-Za-z0-9_.-]*):("(?:[^"]|"")*"|[^\s"]+))(?=\s|$)');
        IF v_part IS NULL THEN
            PERFORM df._search_error(place,
                format('can''t read %s', quote_literal(df._one_line(substring(substr(p_query, place) FROM '^\S+'), 40))),
                CASE WHEN substr(p_query, place) ~ '^-?[A-Za-z_][A-Za-z0-9_.-]*:"' THEN 'The quotes must end, and a space follows them. '
                     WHEN substr(p_query, place) ~ '^-?[A-Za-z_][A-Za-z0-9_.-]*:' THEN 'The value is missing. ' ELSE '' END || v_hint);
        END IF;
        negated := v_part[2] = '-';
        word := CASE WHEN lower(v_part[3]) = ANY (df._search_words()) THEN lower(v_part[3]) ELSE v_part[3] END;
        value := CASE WHEN starts_with(v_part[4], '"') THEN replace(substr(v_part[4], 2, length(v_part[4]) - 2), '""', '"')
                      ELSE v_part[4] END;
        RETURN NEXT;
        place := place + length(v_part[1]);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._search_terms(text) IS 'Internal: the terms of a query of df.search.';
