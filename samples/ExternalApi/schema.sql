-- What an administrator prepares. The HTTP step needs the carrier's host in pg_durable.http_allowed_hosts.
CREATE EXTENSION IF NOT EXISTS pg_durable;
CREATE ROLE warehouse LOGIN;
SELECT df.grant_usage('warehouse', include_http => true);
CREATE SCHEMA warehouse AUTHORIZATION warehouse;
SET ROLE warehouse;

CREATE TABLE warehouse.parcels (
    id bigint PRIMARY KEY,
    address text NOT NULL,
    tracking text UNIQUE,
    problem text);
RESET ROLE;
