CREATE TABLE orders (order_id bigint, total numeric, approved boolean);
INSERT INTO orders VALUES (1, 99.5, false);
