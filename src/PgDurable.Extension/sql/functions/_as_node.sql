-- Turns what a composer received into a graph envelope: an envelope stays as it is, byte for byte, anything else is the text of a SQL step.
-- p_strict is df.start's reading: an unknown node_type is an error and not SQL.
CREATE FUNCTION df._as_node(p_text text, p_strict boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_json   jsonb;
    v_type   text;
    v_detail text;
BEGIN
    IF p_text IS NULL THEN
        RAISE EXCEPTION 'A workflow step cannot be NULL.' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    -- What df.setvar and its kind return is no step: df.seq(df.setvar(…), …) is a mistake that would otherwise run as SQL.
    IF p_text = 'OK' THEN
        RAISE EXCEPTION 'OK is not a workflow step: it is what functions such as df.setvar return. Call them before df.start().'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF ltrim(p_text, E' \t\r\n') LIKE '{%' THEN
        BEGIN
            v_json := p_text::jsonb;
        EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
            v_json := NULL;
        END;
        IF jsonb_typeof(v_json -> 'node_type') = 'string' THEN
            v_type := v_json ->> 'node_type';
            IF v_type = ANY (df._node_types()) THEN
                v_detail := df._node_defect(v_json);
                IF v_detail IS NULL THEN
                    RETURN p_text;
                ELSIF p_strict THEN
                    RAISE EXCEPTION 'Invalid durable function: Malformed Durofut JSON with node_type ''%'': %', v_type, v_detail
                        USING ERRCODE = 'DF003';
                END IF;
                RAISE EXCEPTION 'Invalid Durofut JSON: failed to deserialize workflow step: %', v_detail USING ERRCODE = 'DF003';
            END IF;
            -- Neither composing nor starting may quietly run an envelope with a misspelt type as SQL.
            RAISE EXCEPTION '%Unknown node_type ''%''. Valid types: %',
                    CASE WHEN p_strict THEN 'Invalid durable function: ' ELSE '' END, v_type, array_to_string(df._node_types(), ', ')
                USING ERRCODE = 'DF003';
        END IF;
    END IF;
    RETURN '{"node_type":"SQL","query":' || to_json(p_text)::text || '}';
END
$function$;
COMMENT ON FUNCTION df._as_node(text, boolean) IS 'Internal: the envelope for a composer''s argument.';
