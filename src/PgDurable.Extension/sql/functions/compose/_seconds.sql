CREATE FUNCTION df._seconds(p_duration text) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- A number may have an exponent, which an interval has not.
    IF p_duration ~* '^\s*[-+]?([0-9.]+(e[-+]?[0-9]+)?|nan|inf(inity)?)\s*$' THEN
        RETURN p_duration::double precision;
    END IF;
    RETURN extract(epoch FROM p_duration::interval)::double precision;
END
$function$;
COMMENT ON FUNCTION df._seconds(text) IS 'Internal: the seconds of a duration that is a number of seconds or an interval.';
