-- All in one transaction, so that the worker finds all of them at once.
SET ROLE bench;
SELECT count(df.start_graph(
    'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 1)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 2)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 3)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 4)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 5)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 6)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 7)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 8)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 9)'
    ~> 'INSERT INTO bench.effect (instance, step) VALUES ($input.n, 10)',
    input => jsonb_build_object('n', nextval('bench.number'))))
FROM generate_series(1, :n);
