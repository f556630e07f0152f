-- Every kind of instance, as the role app: its graph, how it has to end, and which effects it must have had, each once. Most wait for
-- longer than the update takes; what waits for something else gets it from Release.sql, when the update is over.
CREATE TABLE effects (label text, what text);
CREATE TABLE gates (name text, open int);
INSERT INTO gates VALUES ('repaired', 0);
CREATE TABLE kinds (kind text PRIMARY KEY, graph text, effects text, status text DEFAULT 'completed', workflow boolean DEFAULT false);

-- A step that has one effect.
CREATE FUNCTION fx(what text) RETURNS text LANGUAGE sql
    RETURN df.sql(format('INSERT INTO public.effects VALUES ($sys_label, %L)', what));
CREATE FUNCTION repaired() RETURNS text LANGUAGE sql
    RETURN df.sql('WITH e AS (INSERT INTO public.effects VALUES ($sys_label, ''r'')) '
                  'SELECT 1 / open FROM public.gates WHERE name = ''repaired''');
CREATE PROCEDURE outside(label text) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.effects VALUES (label, 'o');
    COMMIT;
    PERFORM pg_sleep(0.2);
END
$$;

INSERT INTO kinds (kind, graph, effects) VALUES
    ('chain', fx('a') ~> fx('b') ~> df.sleep(2) ~> fx('c') ~> fx('d') ~> df.sleep(3) ~> fx('e') ~> df.sleep(5) ~> fx('f') ~> df.sleep(5)
            ~> fx('g'),
        'a b c d e f g'),
    ('quick', fx('a') ~> fx('b') ~> fx('c') ~> fx('d') ~> fx('e'), 'a b c d e'),
    ('loop', ('SELECT 9 AS n' |=> 'i') ~> df.loop(
            'INSERT INTO public.effects VALUES ($sys_label, ''l'' || $i.n) RETURNING $i.n - 1 AS n' |=> 'i', 'SELECT $i.n > 0'),
        'l1 l2 l3 l4 l5 l6 l7 l8 l9'),
    ('failing-loop', df.loop(df.if('SELECT count(*) >= 8 FROM public.effects WHERE label = $sys_label', df.break('enough'),
            'INSERT INTO public.effects SELECT $sys_label, ''c'' || count(*) FROM public.effects WHERE label = $sys_label' ~> 'SELECT 1/0'),
            NULL, true),
        'c0 c1 c2 c3 c4 c5 c6 c7'),
    ('sleep', fx('a') ~> df.sleep(10) ~> fx('b'), 'a b'),
    ('sleep-until', fx('a') ~> df.sleep_until(now() + '12 s') ~> fx('b'), 'a b'),
    ('future', fx('a') ~> fx('b'), 'a b'),
    ('signal', fx('a') ~> df.wait_for_signal('go') ~> fx('b'), 'a b'),
    ('early-signal', fx('a') ~> df.sleep(8) ~> df.wait_for_signal('early') ~> fx('b'), 'a b'),
    ('signal-timeout', fx('a') ~> df.wait_for_signal('never', 10) ~> fx('b'), 'a b'),
    ('cron', fx('a') ~> df.wait_for_schedule('* * * * *') ~> fx('b'), 'a b'),
    ('join', df.join(fx('a') ~> df.sleep(7) ~> fx('b'), fx('c') ~> df.wait_for_signal('go') ~> fx('d'), fx('e')) ~> fx('f'), 'a b c d e f'),
    ('race', df.race(df.sleep(3600), fx('a') ~> df.wait_for_signal('go')) ~> fx('b'), 'a b'),
    ('foreach', ('SELECT generate_series(1, 4) AS n' |=> 'r') ~> df.foreach('r',
            'INSERT INTO public.effects VALUES ($sys_label, ''f'' || $item.n)' ~> df.sleep(3)
            ~> 'INSERT INTO public.effects VALUES ($sys_label, ''g'' || $item.n)', max_parallel => 2),
        'f1 f2 f3 f4 g1 g2 g3 g4'),
    ('if', ('SELECT true AS ok' |=> 'x') ~> df.sleep(7) ~> df.if('SELECT $x.ok', fx('a'), fx('b')), 'a'),
    ('call', fx('a') ~> df.call('child', '{"label": "$sys_label"}') ~> fx('b'), 'a b k1 k2'),
    ('retry', fx('a') ~> df.retry(repaired(), 200, 1, 1, retry_on => '{22012}') ~> fx('b'), 'a b r'),
    ('failed', fx('a') ~> repaired() ~> fx('b'), 'a b r'),
    ('timeout', df.try(df.timeout(fx('a') ~> df.wait_for_signal('never'), 8), fx('b')), 'a b'),
    ('try', df.try(fx('a') ~> df.sleep(7) ~> df.fail('no'), fx('b'), fx('c')) ~> fx('d'), 'a b c d'),
    ('activity-held', fx('a') ~> df.activity('held') ~> fx('b'), 'a b'),
    ('activity-open', fx('a') ~> df.activity('open') ~> fx('b'), 'a b'),
    ('paused', fx('a') ~> df.sleep(0.5) ~> fx('b'), 'a b'),
    ('bulked', fx('a') ~> df.wait_for_signal('bulk') ~> fx('b'), 'a b'),
    ('published', fx('a') ~> 'SELECT df.publish($sys_instance_id, ''{"packed": 3}'')' ~> df.wait_for_signal('go') ~> fx('b'), 'a b'),
    ('transaction', fx('a') ~> df.sleep(1) ~> fx('b'), 'a b'),
    ('outside', fx('a') ~> df.sleep(2) ~> 'CALL public.outside($sys_label)' ~> df.sleep(5) ~> fx('b'), 'a b o');
INSERT INTO kinds (kind, graph, effects, status) VALUES
    ('undo', (fx('a') <-> fx('u')) ~> df.wait_for_signal('go') ~> df.fail('no'), 'a u', 'failed'),
    ('undo-on-cancel', df.undo_on_cancel((fx('a') <-> fx('u')) ~> df.wait_for_signal('never')), 'a u', 'cancelled'),
    ('cancelled', fx('a') ~> df.wait_for_signal('never') ~> fx('b'), 'a', 'cancelled');
INSERT INTO kinds (kind, graph, effects, workflow) VALUES
    ('moved', fx('a') ~> df.wait_for_signal('go') ~> fx('b'), 'a b c', true),
    ('many', fx('a') ~> df.sleep(6) ~> fx('b'), 'a b', true);

SELECT df.register_workflow('child', df.sql('INSERT INTO public.effects VALUES ($input.label, ''k1'')') ~> df.sleep(8)
                                     ~> df.sql('INSERT INTO public.effects VALUES ($input.label, ''k2'')'));
SELECT df.register_workflow('tick', 'INSERT INTO public.effects VALUES (''tick'', $sys_label)');
SELECT df.register_workflow(kind, graph) FROM kinds WHERE workflow;
SELECT df.schedule('tick', '* * * * *', 'tick');
