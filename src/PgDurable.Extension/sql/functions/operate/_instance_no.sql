CREATE FUNCTION df._instance_no(p_id text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint;
BEGIN
    SELECT s.instance_no INTO v_instance_no FROM df.submissions s WHERE s.id = p_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance not found or access denied: %', p_id USING ERRCODE = 'DF002';
    END IF;
    RETURN v_instance_no;
END
$function$;
COMMENT ON FUNCTION df._instance_no(text) IS 'Internal: the key of an instance that the caller may see; an error for any other id.';
