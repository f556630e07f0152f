-- What an administrator prepares: the extension, a role for the application, and its tables.
CREATE EXTENSION IF NOT EXISTS pg_durable;
CREATE ROLE ingest LOGIN;
SELECT df.grant_usage('ingest');
CREATE SCHEMA ingest AUTHORIZATION ingest;
SET ROLE ingest;

CREATE TABLE ingest.files (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    status text NOT NULL DEFAULT 'loading',
    problem text);
-- Lines as they are in the file: nothing is refused here.
CREATE TABLE ingest.staging (
    file_id bigint REFERENCES ingest.files ON DELETE CASCADE,
    line int,
    sku text,
    price text,
    PRIMARY KEY (file_id, line));
CREATE TABLE ingest.prices (
    sku text PRIMARY KEY,
    price numeric NOT NULL CHECK (price > 0),
    file_id bigint NOT NULL REFERENCES ingest.files);
-- What a file has replaced, until it is accepted; price is NULL if there was nothing.
CREATE TABLE ingest.replaced (
    file_id bigint REFERENCES ingest.files,
    sku text,
    price numeric,
    old_file_id bigint,
    PRIMARY KEY (file_id, sku));
RESET ROLE;
