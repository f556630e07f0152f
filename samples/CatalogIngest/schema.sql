-- What a DBA prepares: the extension, a role for the application, and the application's tables.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_durable;
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'catalog') AS new \gset
\if :new
CREATE ROLE catalog LOGIN;
\endif
SELECT df.grant_usage('catalog') \g /dev/null

CREATE SCHEMA IF NOT EXISTS catalog AUTHORIZATION catalog;
SET ROLE catalog;
CREATE TABLE IF NOT EXISTS catalog.staging (batch text, object text, description text NOT NULL, PRIMARY KEY (batch, object));
CREATE TABLE IF NOT EXISTS catalog.words (batch text, object text, position bigint, word text NOT NULL,
                                          PRIMARY KEY (batch, object, position));
CREATE TABLE IF NOT EXISTS catalog.word_statistics (batch text, word text, occurrences bigint, objects bigint, PRIMARY KEY (batch, word));
CREATE TABLE IF NOT EXISTS catalog.pair_statistics (batch text, word text, other text, objects bigint, PRIMARY KEY (batch, word, other));
