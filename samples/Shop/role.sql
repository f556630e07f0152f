-- What an administrator does once: the shop's role, its schema, and the right to use workflows.
CREATE EXTENSION IF NOT EXISTS pg_durable;
CREATE ROLE shop LOGIN;
CREATE SCHEMA shop AUTHORIZATION shop;
ALTER ROLE shop SET search_path = shop;
SELECT df.grant_usage('shop');
