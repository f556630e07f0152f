CREATE FUNCTION df._search_moment(p_place integer, p_word text, p_value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ago text[] := regexp_match(p_value, '^(\d{1,6})(s|m|h|d|w)$');
BEGIN
    IF v_ago IS NOT NULL THEN
        RETURN statement_timestamp() - v_ago[1]::integer
            * CASE v_ago[2] WHEN 's' THEN interval '1 second' WHEN 'm' THEN interval '1 minute' WHEN 'h' THEN interval '1 hour'
                            WHEN 'd' THEN interval '1 day' ELSE interval '7 days' END;
    END IF;
    RETURN p_value::timestamptz;
EXCEPTION WHEN data_exception THEN
    PERFORM df._search_error(p_place, format('%s is no time for %s', quote_literal(df._one_line(p_value, 40)), p_word),
        'Write 90s, 30m, 12h, 7d or 4w for as long ago, or a time such as 2026-01-31 or "2026-01-31 12:00+01".');
END
$function$;
COMMENT ON FUNCTION df._search_moment(integer, text, text) IS 'Internal: the time that a term of df.search names.';
