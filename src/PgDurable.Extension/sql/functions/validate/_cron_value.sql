CREATE FUNCTION df._cron_value(p_field integer, p_text text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_text ~ '^\d{1,9}$' THEN p_text::integer
        WHEN p_field = 4 THEN (
            SELECT m.n
              FROM unnest('{january,february,march,april,may,june,july,august,september,october,november,december}'::text[])
                   WITH ORDINALITY m (name, n)
             WHERE lower(p_text) IN (m.name, left(m.name, 3)))
        WHEN p_field = 5 THEN (
            SELECT d.n - 1
              FROM unnest('{sunday,monday,tuesday,wednesday,thursday,friday,saturday}'::text[]) WITH ORDINALITY d (name, n)
             WHERE lower(p_text) IN (d.name, left(d.name, 3)))
    END;
END
$function$;
COMMENT ON FUNCTION df._cron_value(integer, text) IS
    'Internal: the number that a value in a field of a cron expression stands for, or NULL.';
