CREATE FUNCTION df.getvar(name text) RETURNS text
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT v.value FROM df.vars v WHERE v.owner = quote_ident(current_user)::regrole AND v.name = getvar.name
$function$;
COMMENT ON FUNCTION df.getvar(text) IS 'Value of a variable of the current role; NULL if it has no variable of that name.';
