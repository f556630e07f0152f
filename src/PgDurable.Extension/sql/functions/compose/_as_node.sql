-- Turns a composer's argument into a graph envelope. An envelope stays as it is, byte for byte except for blanks around it; anything else
-- is the text of a SQL step.
-- p_strict is how df.start reads: everything is checked, and the messages name what was to be started.
CREATE FUNCTION df._as_node(p_text text, p_strict boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_head  text := ltrim(left(p_text, 100), E' \t\r\n');
    v_inner boolean;
BEGIN
    IF p_text IS NULL THEN
        RAISE EXCEPTION 'A workflow step cannot be NULL.' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    -- What df.setvar and related functions return is not a step: df.seq(df.setvar(…), …) is a mistake that would otherwise run as SQL.
    IF p_text = 'OK' THEN
        RAISE EXCEPTION 'OK cannot be used as a workflow step: it is what df.setvar(), df.unsetvar(), df.clearvars() and '
                        'df.signal() return. Call them before df.start().' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF left(COALESCE(NULLIF(v_head, ''), ltrim(p_text, E' \t\r\n')), 1) <> '{' THEN
        RETURN '{"node_type":"SQL","query":' || to_json(p_text)::text || '}';
    END IF;
    -- How every composer begins a node with children. In a chain, each composer gets the whole chain before it: parsing that again at
    -- every step would make composing quadratic. df.start checks all of it anyway.
    v_inner := df._is_composed(p_text) AND get_byte(convert_to(p_text, getdatabaseencoding()), octet_length(p_text) - 1) = ascii('}');
    IF v_inner AND NOT p_strict THEN
        RETURN p_text;
    END IF;
    RETURN df._parse_node(p_text, p_strict, v_inner);
END
$function$;
COMMENT ON FUNCTION df._as_node(text, boolean) IS 'Internal: the envelope for a composer''s argument.';
