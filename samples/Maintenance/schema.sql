-- What an administrator prepares: the extension, and the role that owns the tables.
CREATE EXTENSION IF NOT EXISTS pg_durable;
CREATE ROLE shop LOGIN;
SELECT df.grant_usage('shop');
CREATE SCHEMA shop AUTHORIZATION shop;
SET ROLE shop;

-- What the workflow says to people; a real application sends it as mail or chat messages.
CREATE TABLE shop.messages (at timestamptz NOT NULL DEFAULT now(), instance text NOT NULL, text text NOT NULL);
RESET ROLE;
