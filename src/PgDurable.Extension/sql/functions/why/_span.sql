CREATE FUNCTION df._span(p_time interval) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN s.s < 120 THEN s.s || ' s'
                WHEN s.s < 7200 THEN s.s / 60 || ' min'
                WHEN s.s < 172800 THEN s.s / 3600 || ' h'
                ELSE s.s / 86400 || ' days' END
      FROM (SELECT GREATEST(ceil(extract(epoch FROM p_time)), 0)::bigint) s (s)
$function$;
COMMENT ON FUNCTION df._span(interval) IS 'Internal: a length of time for people: 40 s, 12 min, 3 h, 5 days.';
