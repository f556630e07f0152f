SELECT df.register_workflow('maintain-tables', df.wait_for_signal('answer'));
CREATE SCHEMA shop;
CREATE TABLE shop.messages (text text);
