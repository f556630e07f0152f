/*
 * new_transaction.c - df.start(..., transaction_mode => 'new'): a start that survives the caller's ROLLBACK
 *
 * A second session of the same role, on this server and database, calls df.start and commits. The role logs in there like anybody else: a
 * role that may not connect, or only with a password, may not do this. Nothing but df.start's own arguments is sent.
 *
 * Each such start costs a second connection while the first one waits, so only a few may do it at a time
 * (pg_durable.max_new_transaction_starts in the cluster). Each of them holds a slot: a session-level lock, visible in pg_locks. It looks
 * like an advisory lock, but of a kind that no SQL function takes, so nobody can hold a slot without starting anything. The last free slot
 * only goes to a role that holds none: before that, a role takes a slot of its own, of which there is one less.
 */
#include "postgres.h"

#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "fmgr.h"
#include "libpq-fe.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/postmaster.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#if PG_VERSION_NUM >= 180000
#include "utils/wait_event.h"
#endif

#include "pg_durable.h"

#define ERRCODE_DF_NO_NEW_TRANSACTION MAKE_SQLSTATE('D', 'F', '0', '1', '6')

/* First key of the slot locks, as in pg_durable. The second key is the number of the slot. */
#define SLOT_CLASS 1346982470
#define LOOK_FOR_SLOT_MS 100

/*
 * PostgreSQL's own functions take locks of kinds 1 and 2. Here, 77 is a slot of all roles, and 78 a slot of one role, which is its first
 * key.
 */
#define KIND_SLOT 77
#define KIND_ROLE_SLOT 78

/* Two transactions of one client that wait for each other are a deadlock that PostgreSQL can't see. */
#define TIMEOUT_MS 30000

#define N_ARGUMENTS 7
#define STATEMENT \
	"SELECT df.start_graph(graph => $1, label => $2, database => $3, input => $4, idempotency_key => $5, start_at => $6, sources => $7)"

PG_FUNCTION_INFO_V1(pg_durable_start_in_new_transaction);

/* ---------------------------------------------------------------- who may */

/* Name of the current role, if it may start in a new transaction. */
static char *
admitted_user(void)
{
	const char *in_workflow = GetConfigOption("df.in_workflow", true, false);
	char	   *name = GetUserNameFromId(GetUserId(), false);
	HeapTuple	tuple;
	bool		can_login;

	if (in_workflow != NULL && strcmp(in_workflow, "true") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("df.start() with transaction_mode => 'new' cannot be called inside a workflow - a step commits only with its "
						"checkpoint"),
				 errhint("Leave out transaction_mode: the instance starts when the step commits.")));

	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetUserId()));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for role %u", GetUserId());
	can_login = ((Form_pg_authid) GETSTRUCT(tuple))->rolcanlogin;
	ReleaseSysCache(tuple);
	if (!can_login)
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("current_user \"%s\" does not have LOGIN privilege. transaction_mode => 'new' opens a session of this role.", name),
				 errhint("Grant LOGIN to this role, call df.start() as a role with LOGIN, or leave out transaction_mode.")));
	return name;
}

/* ---------------------------------------------------------------- slots */

/* The locks that a start holds. */
typedef struct Slot
{
	LOCKTAG		of_role;
	LOCKTAG		of_all;
} Slot;

/* Takes the first of these locks that is free. */
static bool
take_first(LOCKTAG *tag, uint32 key, uint16 kind, int count)
{
	for (int i = 0; i < count; i++)
	{
		SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, key, i, kind);
		if (LockAcquire(tag, ExclusiveLock, true, true) == LOCKACQUIRE_OK)
			return true;
	}
	return false;
}

static void
release(LOCKTAG *tag)
{
	(void) LockRelease(tag, ExclusiveLock, true);
}

static bool
try_slots(Slot *slot)
{
	if (!take_first(&slot->of_role, GetUserId(), KIND_ROLE_SLOT, Max(1, pgd_max_new_transaction_starts - 1)))
		return false;
	if (take_first(&slot->of_all, SLOT_CLASS, KIND_SLOT, pgd_max_new_transaction_starts))
		return true;
	release(&slot->of_role);
	return false;
}

static void
take_slot(Slot *slot)
{
	TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), pgd_new_transaction_start_timeout * 1000L);

	while (!try_slots(slot))
	{
		if (GetCurrentTimestamp() >= deadline)
			ereport(ERROR,
					(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
					 errmsg("pg_durable: transaction_mode => 'new' launch limit reached (max_new_transaction_starts=%d). "
							"Timed out after %ds waiting for a launch slot before opening the loopback session.",
							pgd_max_new_transaction_starts, pgd_new_transaction_start_timeout),
					 errhint("Try again, or raise pg_durable.max_new_transaction_starts.")));
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, LOOK_FOR_SLOT_MS, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

static void
release_slot(Slot *slot)
{
	release(&slot->of_all);
	release(&slot->of_role);
}

/* ---------------------------------------------------------------- the other session */

/* Waits for the other session. Meanwhile the caller's session can be cancelled. */
static void
wait_for(PGconn *connection, int event, TimestampTz deadline)
{
	long		timeout_ms = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), deadline);
	int			rc = WaitLatchOrSocket(MyLatch, event | WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
									   PQsocket(connection), timeout_ms, PG_WAIT_EXTENSION);

	if (rc & WL_LATCH_SET)
		ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
	if (rc & WL_TIMEOUT)
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("df.start() on new transaction failed: no answer from the loopback session after %dms", TIMEOUT_MS)));
}

/* The message without its final line break. */
static char *
connection_error(PGconn *connection)
{
	return pchomp(PQerrorMessage(connection));
}

/* Starts to connect. Of what the caller can set, only its own name takes part. */
static PGconn *
begin_connecting(const char *user)
{
	const char *keywords[] = {"host", "port", "dbname", "user", "options", "application_name", "client_encoding", "gssencmode", NULL};
	const char *values[lengthof(keywords)] = {
		pgd_server_host(),
		psprintf("%d", PostPortNumber),
		get_database_name(MyDatabaseId),
		user,
		/* ALTER ROLE ... SET role would make it another role's session. */
		psprintf("-c role=none -c lock_timeout=%d -c statement_timeout=%d", TIMEOUT_MS, TIMEOUT_MS),
		"pg_durable:backend:new-transaction",
		GetDatabaseEncodingName(),
		"disable",
	};

	return PQconnectStartParams(keywords, values, 0);
}

static void
connect_to_self(PGconn *connection)
{
	TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), TIMEOUT_MS);
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (connection != NULL && PQstatus(connection) != CONNECTION_BAD && status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED)
	{
		wait_for(connection, status == PGRES_POLLING_READING ? WL_SOCKET_READABLE : WL_SOCKET_WRITEABLE, deadline);
		status = PQconnectPoll(connection);
	}
	if (status != PGRES_POLLING_OK)
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("df.start() on new transaction failed: %s", connection ? connection_error(connection) : "out of memory"),
				 errhint("Let the role connect from this server to itself without a password: in pg_hba.conf, or with the .pgpass file "
						 "of the server's account.")));
}

/* Raises the other session's error here. */
static void
report(PGresult *result, PGconn *connection)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	int			code = ERRCODE_DF_NO_NEW_TRANSACTION;

	if (message == NULL)
		message = connection_error(connection);
	if (state != NULL && strlen(state) == 5)
		code = MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4]);

	if (code == ERRCODE_LOCK_NOT_AVAILABLE)
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("pg_durable: transaction_mode => 'new' launch hit lock_timeout after %dms while waiting on a lock in the loopback "
						"session: %s",
						TIMEOUT_MS, message)));
	if (code == ERRCODE_QUERY_CANCELED)
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("pg_durable: transaction_mode => 'new' launch hit statement_timeout after %dms while running df.start() in the "
						"loopback session: %s",
						TIMEOUT_MS, message),
				 errhint("Check whether the calling transaction holds a lock that the start waits for.")));
	ereport(ERROR,
			(errcode(code),
			 errmsg("df.start() on new transaction failed: %s", message),
			 detail ? errdetail_internal("%s", detail) : 0,
			 hint ? errhint("%s", hint) : 0));
}

/* Runs the start and returns the instance's id. */
static text *
run_start(PGconn *connection, const char *const *arguments)
{
	static const Oid types[N_ARGUMENTS] = {TEXTOID, TEXTOID, TEXTOID, JSONBOID, TEXTOID, TIMESTAMPTZOID, TEXTARRAYOID};

	/* The server's own timeouts come first. */
	TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), 2 * TIMEOUT_MS);
	PGresult   *volatile result = NULL;
	text	   *id = NULL;

	if (!PQsendQueryParams(connection, STATEMENT, N_ARGUMENTS, types, arguments, NULL, NULL, 0))
		report(NULL, connection);
	while (PQisBusy(connection))
	{
		wait_for(connection, WL_SOCKET_READABLE, deadline);
		if (!PQconsumeInput(connection))
			report(NULL, connection);
	}

	result = PQgetResult(connection);
	PG_TRY();
	{
		if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
			report(result, connection);
		id = cstring_to_text(PQgetvalue(result, 0, 0));
	}
	PG_FINALLY();
	{
		PQclear(result);
	}
	PG_END_TRY();
	return id;
}

/* Ends the other session, and whatever it may still be doing. */
static void
disconnect(PGconn *connection)
{
	if (PQtransactionStatus(connection) == PQTRANS_ACTIVE)
	{
		PGcancel   *cancel = PQgetCancel(connection);
		char		error[256];

		if (cancel != NULL)
		{
			(void) PQcancel(cancel, error, sizeof(error));
			PQfreeCancel(cancel);
		}
	}
	PQfinish(connection);
}

/* ---------------------------------------------------------------- function of schema df */

static text *
start_as(const char *user, const char *const *arguments)
{
	PGconn	   *connection;
	text	   *volatile id = NULL;

	if (!AcquireExternalFD())
		ereport(ERROR,
				(errcode(ERRCODE_DF_NO_NEW_TRANSACTION),
				 errmsg("df.start() on new transaction failed: too many open files in this session")));
	connection = begin_connecting(user);
	PG_TRY();
	{
		connect_to_self(connection);
		id = run_start(connection, arguments);
	}
	PG_FINALLY();
	{
		disconnect(connection);
		ReleaseExternalFD();
	}
	PG_END_TRY();
	return id;
}

/* df._start_in_new_transaction(fut, label, database, input, idempotency_key, start_at, sources) */
Datum
pg_durable_start_in_new_transaction(PG_FUNCTION_ARGS)
{
	const char *arguments[N_ARGUMENTS] = {NULL};
	char	   *user = admitted_user();
	text	   *volatile id = NULL;
	Slot		slot;

	for (int i = 0; i < N_ARGUMENTS; i++)
	{
		if (PG_ARGISNULL(i))
			continue;
		if (i == 3)
			arguments[i] = DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(i)));
		else if (i == 5)
			/* ISO with its offset, whatever DateStyle and TimeZone are on either side */
			arguments[i] = pstrdup(timestamptz_to_str(PG_GETARG_TIMESTAMPTZ(i)));
		else if (i == 6)
			arguments[i] = OidOutputFunctionCall(F_ARRAY_OUT, PG_GETARG_DATUM(i));
		else
			arguments[i] = TextDatumGetCString(PG_GETARG_DATUM(i));
	}

	take_slot(&slot);
	PG_TRY();
	{
		id = start_as(user, arguments);
	}
	PG_FINALLY();
	{
		release_slot(&slot);
	}
	PG_END_TRY();
	PG_RETURN_TEXT_P(id);
}
