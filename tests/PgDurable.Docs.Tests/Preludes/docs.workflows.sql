CREATE TABLE orders (order_id bigint, total numeric, note text);
INSERT INTO orders VALUES (1, 99.5, NULL);
