-- Whether a text begins the way composers begin a node with children: compact, node_type first, then the left child.
CREATE FUNCTION df._is_composed(p_text text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN left(p_text, 49) LIKE '{"node\_type":"%","left\_node":{"node\_type":"%'
        AND split_part(left(p_text, 49), '"', 4) = ANY (df._node_types());
END
$function$;
COMMENT ON FUNCTION df._is_composed(text) IS
    'Internal: whether a text begins like the envelope of a node with children that a composer returned.';
