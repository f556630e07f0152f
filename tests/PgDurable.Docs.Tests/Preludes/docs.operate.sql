SELECT df.register_workflow('order', ('SELECT 1 AS id' |=> 'order') ~> ('SELECT 2 AS receipt' |=> 'charge'));
SELECT df.start_workflow('order', '{"order_id": 1}', label => 'page') AS id \gset
SELECT df.await_instance(:'id', 30);
SELECT df.register_workflow('order', ('SELECT 1 AS id' |=> 'order') ~> ('SELECT 3 AS receipt' |=> 'charge'));
