-- After the update: what the instances have waited for.
UPDATE gates SET open = 1;
SELECT df.retry_instance(id) FROM df.instances WHERE label LIKE 'failed %';
SELECT df.register_workflow('moved', graph ~> fx('c')) FROM kinds WHERE kind = 'moved';
SELECT df.migrate_instances('moved', 1, 2);
SELECT df.signal(id, 'go') FROM df.instances WHERE label ~ '^(signal|join|race|published|undo|moved) ';
SELECT df.cancel(id) FROM df.instances WHERE label ~ '^(undo-on-cancel|cancelled) ';
SELECT df.resume(id) FROM df.instances WHERE label LIKE 'paused %';
SELECT df.complete_task(task, token, '{"by": "an application"}') FROM held;
SELECT df.complete_task(task, token) FROM df.claim_tasks('{open}', 31);
COMMIT PREPARED 'open';
