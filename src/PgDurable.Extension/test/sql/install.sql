-- What the other tests work with: the extension, a role that may use it, one that may make HTTP requests too, and one that may nothing.
SET client_min_messages = warning;
CREATE EXTENSION pg_durable;
CREATE ROLE regress_user;
CREATE ROLE regress_http;
CREATE ROLE regress_nobody;
SELECT df.grant_usage('regress_user');
SELECT df.grant_usage('regress_http', include_http => true);
