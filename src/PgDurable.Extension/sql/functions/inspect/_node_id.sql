CREATE FUNCTION df._node_id(p_node integer) RETURNS varchar
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT lpad(to_hex(p_node), 8, '0')
$function$;
COMMENT ON FUNCTION df._node_id(integer) IS 'Internal: a node''s number as the id that users see.';
