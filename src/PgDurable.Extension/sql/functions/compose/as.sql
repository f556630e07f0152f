CREATE FUNCTION df.as(fut text, name text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  text;
    v_bytes bytea;
BEGIN
    IF name = '' THEN
        RAISE EXCEPTION 'df.as: result name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF name !~ '^[a-zA-Z_][a-zA-Z0-9_]*$' THEN
        RAISE EXCEPTION 'df.as: result name ''%'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*', name
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF name = 'input' THEN
        RAISE EXCEPTION 'df.as: result name ''input'' is taken: $input is the input given to df.start'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_node := df._as_node(fut);
    IF df._is_composed(v_node) THEN
        -- In what a composer wrote, the name is the last key. Not parsed, for the reason given in df._as_node; as bytes, because counting
        -- characters takes longer.
        v_bytes := convert_to(v_node, getdatabaseencoding());
        IF get_byte(v_bytes, octet_length(v_bytes) - 2) = ascii('"') THEN
            v_bytes := convert_to(regexp_replace(v_node, ',"result_name":"[a-zA-Z_][a-zA-Z0-9_]*"\}$', '}'), getdatabaseencoding());
        END IF;
        RETURN convert_from(substr(v_bytes, 1, octet_length(v_bytes) - 1), getdatabaseencoding()) || ',"result_name":"' || name || '"}';
    END IF;
    RETURN df._with_member(v_node, 'result_name', to_json(name));
END
$function$;
COMMENT ON FUNCTION df.as(text, text) IS
    'Names the result of a node. Later steps read it as $name, $name.column, $name.*. Operator: fut |=> name.';
