-- For a text that begins with a brace: an envelope, or SQL after all. p_composed: it begins the way only composers begin what they
-- return.
CREATE FUNCTION df._parse_node(p_text text, p_strict boolean, p_composed boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_json   jsonb;
    v_type   text;
    v_detail text;
BEGIN
    BEGIN
        v_json := p_text::jsonb;
    EXCEPTION
        WHEN invalid_text_representation OR untranslatable_character THEN
            -- Truncated, or with a character that no text can hold: it was meant as an envelope and is not SQL.
            IF SQLSTATE = '22P05' OR p_composed THEN
                v_type := substring(p_text FROM '"node_type"\s*:\s*"(\w+)"');
                v_detail := CASE WHEN v_type IS NOT NULL THEN SQLERRM END;
            END IF;
        WHEN statement_too_complex THEN
            RAISE EXCEPTION 'Invalid durable function graph: root: Graph exceeds maximum nesting depth of %. '
                            'Simplify the workflow or break it into multiple instances.', df._graph_limit('max_depth')
                USING ERRCODE = 'DF003';
    END;
    IF jsonb_typeof(v_json -> '_partial_if') = 'boolean' AND v_json -> 'node_type' IS NULL THEN
        RAISE EXCEPTION '%Invalid if-then-else: left side of !> must be a ?> expression, and every ?> expression needs its !>',
            CASE WHEN p_strict THEN 'Invalid durable function: ' ELSE '' END
            USING ERRCODE = 'DF003', HINT = 'Write (condition ?> then) !> otherwise, or call df.if(condition, then, otherwise).';
    END IF;
    IF jsonb_typeof(v_json -> 'node_type') = 'string' THEN
        v_type := v_json ->> 'node_type';
        -- An envelope with a misspelt type must not silently run as SQL, neither when composing nor when starting.
        IF v_type <> ALL (df._node_types()) THEN
            RAISE EXCEPTION '%Unknown node_type ''%''. Valid types: %',
                    CASE WHEN p_strict THEN 'Invalid durable function: ' ELSE '' END, v_type, array_to_string(df._node_types(), ', ')
                USING ERRCODE = 'DF003';
        END IF;
        v_detail := df._node_defect(v_json);
        -- jsonb keeps one of several equal keys. For result_name that is right: df.as replaces a name by adding another.
        IF v_detail IS NULL THEN
            IF (SELECT count(*) FROM json_object_keys(p_text::json)) <> (SELECT count(*) FROM jsonb_object_keys(v_json)) THEN
                v_detail := (SELECT format('duplicate field `%s`', k) FROM json_object_keys(p_text::json) k
                              WHERE k <> 'result_name' GROUP BY k HAVING count(*) > 1 LIMIT 1);
            END IF;
        END IF;
    END IF;
    IF v_detail IS NOT NULL THEN
        RAISE EXCEPTION '%', CASE
            WHEN p_strict THEN format('Invalid durable function: Malformed Durofut JSON with node_type ''%s'': %s', v_type, v_detail)
            ELSE 'Invalid Durofut JSON: failed to deserialize workflow step: ' || v_detail END USING ERRCODE = 'DF003';
    END IF;
    -- Without blanks around it: df.as relies on the brace at the end, and one graph must have one text.
    RETURN CASE WHEN v_type IS NULL THEN '{"node_type":"SQL","query":' || to_json(p_text)::text || '}' ELSE btrim(p_text, E' \t\r\n') END;
END
$function$;
COMMENT ON FUNCTION df._parse_node(text, boolean, boolean) IS 'Internal: the envelope for a composer''s argument that begins with a brace.';
