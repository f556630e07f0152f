CREATE FUNCTION df._is_wanted(p_instance bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (SELECT FROM df.submissions s JOIN df.queue p ON p.instance_no = s.parent_no
                    WHERE s.instance_no = p_instance AND s.parent_node IS NOT NULL)
$function$;
COMMENT ON FUNCTION df._is_wanted(bigint) IS 'Internal: whether a live parent may still ask for the result of this child instance.';
