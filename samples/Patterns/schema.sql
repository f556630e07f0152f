-- What an administrator prepares: the extension, a role for the application, and the application's tables.
CREATE EXTENSION IF NOT EXISTS pg_durable;
CREATE ROLE patterns LOGIN;
SELECT df.grant_usage('patterns', include_http => true);
CREATE SCHEMA patterns AUTHORIZATION patterns;
SET ROLE patterns;

-- BookTrip
CREATE TABLE patterns.offers (
    code text PRIMARY KEY,
    price numeric NOT NULL,
    available int NOT NULL CONSTRAINT is_available CHECK (available >= 0));
CREATE TABLE patterns.bookings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    traveller text NOT NULL,
    code text NOT NULL REFERENCES patterns.offers,
    price numeric NOT NULL,
    cancelled_at timestamptz);

-- ApproveExpense, RemindBeforeDue
CREATE TABLE patterns.mails (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, recipient text NOT NULL, subject text NOT NULL);
CREATE TABLE patterns.expenses (
    id bigint PRIMARY KEY,
    lead text NOT NULL,
    manager text NOT NULL,
    amount numeric NOT NULL,
    status text NOT NULL DEFAULT 'open',
    decided_by text);
CREATE TABLE patterns.bills (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    due_at timestamptz NOT NULL,
    paid_at timestamptz,
    status text NOT NULL DEFAULT 'open');

-- ExportData
CREATE TABLE patterns.exports (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text NOT NULL, file text NOT NULL);

-- SummarizeSales
CREATE TABLE patterns.sales (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sold_on date NOT NULL,
    quantity int NOT NULL,
    price numeric NOT NULL);
CREATE INDEX ON patterns.sales (sold_on, id);
CREATE TABLE patterns.daily_sales (day date PRIMARY KEY, sales bigint NOT NULL, total numeric NOT NULL);

-- TransferMoney, RenewSubscription
CREATE TABLE patterns.accounts (account text PRIMARY KEY, balance numeric NOT NULL CONSTRAINT is_covered CHECK (balance >= 0));
CREATE TABLE patterns.transfers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL REFERENCES patterns.accounts,
    amount numeric NOT NULL CHECK (amount > 0),
    status text NOT NULL DEFAULT 'withdrawn',
    reference text);
CREATE TABLE patterns.subscriptions (
    id bigint PRIMARY KEY,
    account text NOT NULL REFERENCES patterns.accounts,
    price numeric NOT NULL,
    payments int NOT NULL DEFAULT 0,
    end_reason int);

-- ProcessInvoices
CREATE TABLE patterns.purchase_orders (id bigint PRIMARY KEY, net numeric NOT NULL);
CREATE TABLE patterns.invoices (
    id bigint PRIMARY KEY,
    supplier text NOT NULL,
    purchase_order bigint REFERENCES patterns.purchase_orders,
    net numeric NOT NULL,
    tax_rate numeric NOT NULL,
    status text NOT NULL DEFAULT 'received',
    problem text);
CREATE TABLE patterns.postings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL UNIQUE REFERENCES patterns.invoices,
    gross numeric NOT NULL);

-- VerifyPhone
CREATE TABLE patterns.verifications (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone text NOT NULL,
    code text NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'sent');

-- ReportNightly
CREATE TABLE patterns.campaigns (id bigint PRIMARY KEY, first_day date NOT NULL, last_day date NOT NULL);
CREATE TABLE patterns.campaign_orders (
    campaign_id bigint NOT NULL REFERENCES patterns.campaigns,
    ordered_on date NOT NULL,
    total numeric NOT NULL);
CREATE TABLE patterns.reports (
    campaign_id bigint REFERENCES patterns.campaigns,
    day date,
    revenue numeric NOT NULL,
    PRIMARY KEY (campaign_id, day));

-- AssessCustomer
CREATE TABLE patterns.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, total numeric NOT NULL);
CREATE TABLE patterns.claims (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, paid_at timestamptz);
CREATE TABLE patterns.assessments (
    customer_id bigint NOT NULL,
    credit_limit numeric NOT NULL,
    assessed_at timestamptz NOT NULL DEFAULT now());

-- SyncContacts
CREATE TABLE patterns.contacts (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    revision int NOT NULL DEFAULT 1,
    synced_revision int NOT NULL DEFAULT 0);

RESET ROLE;
