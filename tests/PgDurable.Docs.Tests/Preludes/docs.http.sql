CREATE TABLE customers (id bigint, email text, crm_id text);
CREATE TABLE public.bodies (sink_key uuid, body bytea);
