CREATE FUNCTION df._explain(p_input text, p_search_path text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_input text := btrim(p_input, E' \t\r\n');
    v_value text;
    v_tree  text;
BEGIN
    IF v_input ~ '^[0-9A-Fa-f]{8}$' THEN
        RETURN df._explain_instance(lower(v_input));
    END IF;
    v_tree := df._explain_envelope(v_input);
    IF v_tree IS NOT NULL THEN
        RETURN v_tree;
    END IF;
    -- <-> only if the text is not a statement: geometry, text search and others have an operator of that name too.
    IF v_input ~ '~>|\|=>|\?>|!>|@>|df\.' OR v_input LIKE '%<->%' AND v_input !~* '^(SELECT|INSERT|UPDATE|DELETE|WITH)\s' THEN
        v_input := 'SELECT ' || v_input;
        -- Between these two calls every name means what it means to the caller.
        PERFORM set_config('search_path', p_search_path, true);
        EXECUTE v_input INTO v_value;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        RETURN CASE
            WHEN v_value IS NULL THEN 'Expression returned NULL'
            ELSE COALESCE(df._explain_envelope(v_value),
                          'Failed to parse Durofut JSON: the expression returned no graph but ' || left(v_value, 60)
                              || CASE WHEN length(v_value) > 60 THEN '…' ELSE '' END)
        END;
    END IF;
    IF upper(v_input) ~ '^(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|CALL|DO|TRUNCATE|GRANT|REVOKE|EXPLAIN) '
        OR upper(v_input) ~ '^(SELECT|INSERT|UPDATE|DELETE|WITH)\r?\n'
    THEN
        RETURN df._explain_envelope(df.sql(v_input));
    END IF;
    RETURN E'Cannot explain input: not a valid Durofut JSON, instance ID, SQL statement, or DSL expression.\n'
        'Hint: DSL expressions use df.*() functions and operators like ~>, |=>, &, |.';
END
$function$;
COMMENT ON FUNCTION df._explain(text, text) IS 'Internal: df.explain, with its caller''s search_path.';
