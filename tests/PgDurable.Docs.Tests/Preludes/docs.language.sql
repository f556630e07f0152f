SELECT df.start('SELECT 1' ~> df.wait_for_signal('go'), 'page') AS id \gset
SELECT df.start(df.activity('charge-card', '{}', queue => 'payments')) FROM generate_series(1, 3);
DO $$
BEGIN
    WHILE (SELECT count(*) FROM df.tasks) < 3 LOOP
        COMMIT;
    END LOOP;
END $$;
