SELECT df.register_workflow('maintain-tables', df.wait_for_signal('answer'));
SELECT df.start_workflow('maintain-tables', '{}', label => 'page');
CREATE SCHEMA shop;
CREATE TABLE shop.messages (text text);
