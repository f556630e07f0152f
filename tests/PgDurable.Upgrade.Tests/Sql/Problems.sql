-- What is not as it has to be.
SELECT coalesce(string_agg(problem, E'\n' ORDER BY problem), '') FROM (
    SELECT format('%s: %s, %s', i.label, i.status, e.effects)
      FROM df.instances i
      JOIN kinds k ON k.kind = split_part(i.label, ' ', 1)
      -- What runs outside of its checkpoint's transaction may run again, and says so.
      CROSS JOIN LATERAL (SELECT CASE k.kind WHEN 'outside' THEN string_agg(DISTINCT what, ' ' ORDER BY what)
                                             ELSE string_agg(what, ' ' ORDER BY what) END AS effects
                            FROM effects WHERE label = i.label) e
     WHERE i.label LIKE '% %' AND (i.status, e.effects) IS DISTINCT FROM (k.status, k.effects)
    UNION ALL
    SELECT format('%s: %s instances', k.kind, count(i.id))
      FROM kinds k LEFT JOIN df.instances i ON split_part(i.label, ' ', 1) = k.kind AND i.label LIKE '% %'
     GROUP BY k.kind HAVING count(i.id) <> 31
    UNION ALL
    SELECT format('the schedule: %s ticks in %s minutes with %s effects', count(*), count(DISTINCT date_trunc('minute', i.created_at)),
                  (SELECT count(*) FROM effects WHERE label = 'tick'))
      FROM df.instances i WHERE i.label = 'tick'
    HAVING count(*) = 0 OR count(*) <> count(DISTINCT date_trunc('minute', i.created_at))
        OR count(*) <> (SELECT count(*) FROM effects WHERE label = 'tick')
) p (problem)
