-- 31 of each kind.
SELECT df.start_graph(k.graph, label => concat(k.kind, ' ', n), start_at => CASE k.kind WHEN 'future' THEN now() + '15 s' END)
  FROM kinds k, generate_series(1, 31) n WHERE NOT k.workflow AND k.kind <> 'transaction';
SELECT df.start_workflow('moved', label => concat('moved ', n)) FROM generate_series(1, 31) n;
SELECT df.start_many('many', array_agg('{}'::jsonb), array_agg(concat('many ', n))) FROM generate_series(1, 31) n;
SELECT df.signal(id, 'early') FROM df.instances WHERE label LIKE 'early-signal %';
SELECT df.tag(id, 'kind', 'bulked') FROM df.instances WHERE label LIKE 'bulked %';
SELECT df.pause(id) FROM df.instances WHERE label LIKE 'paused %';
BEGIN;
SELECT df.start(k.graph, concat(k.kind, ' ', n)) FROM kinds k, generate_series(1, 31) n WHERE k.kind = 'transaction';
PREPARE TRANSACTION 'open';
