SELECT df.start_graph('INSERT INTO bench.effect (instance, step) VALUES ($input.n, 1)',
                      input => jsonb_build_object('n', nextval('bench.number')));
