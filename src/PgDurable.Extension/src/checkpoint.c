/*
 * checkpoint.c - df._commit_step: records a step, in the step's own transaction
 *
 * The rules are those of sql/portable/commit_step.sql, which serves where this module can't be loaded; tests run against both. This runs at
 * every step, and as a PL/pgSQL function it cost as much as the step's own statement.
 *
 * It runs inside the sandbox, that is, called as the submitting role. SECURITY DEFINER gives it the owner's rights, the token proves who
 * calls, and the instance must belong to the role that was entered.
 *
 * The step's settings do not affect it: its statements are planned under our settings and kept, it may write in a transaction that is READ
 * ONLY for the step, and no statement_timeout or lock_timeout of the step ends it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#include "rows.h"
#include "lookup.h"
#include "pg_durable.h"
#include "statements.h"

#define ERRCODE_DF_LEASE_LOST MAKE_SQLSTATE('D', 'F', '0', '0', '1')

/* Columns of df.queue; the check below notices if they move. */
#define QUEUE_STARTED_AT 3
#define QUEUE_SUBMITTED_BY 4
#define QUEUE_WORKER_ID 5
#define QUEUE_PARENT_NO 6

/* Columns of df.checkpoints, in order. */
static const char *const checkpoint_columns[] = {
	"instance_no", "started_at", "finished_at", "node", "attempt", "worker_id", "seq", "path", "result", "columns"
};

/* Columns of df.outcomes, in order. */
static const char *const outcome_columns[] = {
	"instance_no", "completed_at", "started_at", "result_node", "status", "result_path", "error", "result"
};

/* Arguments of df._commit_step. */
enum
{
	ARG_TOKEN, ARG_WORKER, ARG_INSTANCE, ARG_NODE, ARG_PATH, ARG_SEQ, ARG_ATTEMPT, ARG_FINISHED_AT, ARG_RESULT, ARG_COLUMNS, ARG_COMPLETES,
	ARG_OUTCOME
};

PG_FUNCTION_INFO_V1(pg_durable_commit_step);

static PgdStatement after_end = {
	"SELECT df._ended(ARRAY[$1])",
	1, {INT8OID}, NULL
};

static PgdStatement find_submission = {
	"SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) $1 AND s.submitted_by OPERATOR(pg_catalog.=) $2",
	2, {INT8OID, OIDOID}, NULL
};

/* What the instance's row in df.queue says. */
typedef struct Lease
{
	ItemPointerData row;
	bool		held;
	bool		was_started;
	bool		has_parent;
	Datum		started_at;
	Oid			submitted_by;
} Lease;

/*
 * The lease as it is now, whatever the isolation level of the step. Read without a lock: if the instance changes hands right now, the
 * checkpoint's key decides. Read through the index and not by a planned statement: the table is empty at one moment and full at the next,
 * and a plan made for one would be kept for the other.
 */
static Lease
read_lease(Oid schema, int64 instance_no, int32 worker)
{
	Snapshot	snapshot = IsolationUsesXactSnapshot() ? RegisterSnapshot(GetLatestSnapshot()) : NULL;
	PgdLookup		lookup;
	TupleDesc	columns;
	Lease		lease = {0};

	pgd_begin_instance_lookup(&lookup, schema, "queue", "queue_pkey", instance_no, snapshot);
	columns = RelationGetDescr(lookup.relation);
	if (columns->natts < QUEUE_PARENT_NO ||
		strcmp(NameStr(TupleDescAttr(columns, QUEUE_STARTED_AT - 1)->attname), "started_at") != 0 ||
		strcmp(NameStr(TupleDescAttr(columns, QUEUE_SUBMITTED_BY - 1)->attname), "submitted_by") != 0 ||
		strcmp(NameStr(TupleDescAttr(columns, QUEUE_WORKER_ID - 1)->attname), "worker_id") != 0 ||
		strcmp(NameStr(TupleDescAttr(columns, QUEUE_PARENT_NO - 1)->attname), "parent_no") != 0)
		elog(ERROR, "table df.queue does not match this version of pg_durable");

	if (HeapTupleIsValid(lookup.tuple))
	{
		Datum	   *values;
		bool	   *nulls;

		pgd_read_row(&lookup, &values, &nulls);
		lease.row = lookup.tuple->t_self;
		lease.held = !nulls[QUEUE_WORKER_ID - 1] && DatumGetInt32(values[QUEUE_WORKER_ID - 1]) == worker;
		lease.has_parent = !nulls[QUEUE_PARENT_NO - 1];
		lease.started_at = values[QUEUE_STARTED_AT - 1];
		lease.was_started = !nulls[QUEUE_STARTED_AT - 1];
		lease.submitted_by = DatumGetObjectId(values[QUEUE_SUBMITTED_BY - 1]);
	}
	pgd_end_lookup(&lookup);
	if (snapshot)
		UnregisterSnapshot(snapshot);
	return lease;
}

/*
 * Whether this very transaction cancelled the instance and thereby took it from this worker. If so, the step commits together with the
 * cancellation; any other cancellation undoes the step.
 */
static bool
has_cancelled_itself(Oid schema, int64 instance_no, int32 worker)
{
	PgdLookup		lookup;
	bool		result = false;

	pgd_begin_instance_lookup(&lookup, schema, "outcomes", "outcomes_pkey", instance_no, NULL);
	if (HeapTupleIsValid(lookup.tuple) && TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(lookup.tuple->t_data)))
	{
		int			taken_from = get_attnum(RelationGetRelid(lookup.relation), "worker_id") - 1;
		Datum	   *values;
		bool	   *nulls;

		pgd_read_row(&lookup, &values, &nulls);
		result = !nulls[taken_from] && DatumGetInt32(values[taken_from]) == worker;
	}
	pgd_end_lookup(&lookup);
	return result;
}

/* Writes the checkpoint. */
static void
insert_checkpoint(FunctionCallInfo fcinfo, Oid schema)
{
	Datum		values[] = {PG_GETARG_DATUM(ARG_INSTANCE), TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()),
		PG_GETARG_DATUM(ARG_FINISHED_AT), PG_GETARG_DATUM(ARG_NODE), PG_GETARG_DATUM(ARG_ATTEMPT), PG_GETARG_DATUM(ARG_WORKER),
	PG_GETARG_DATUM(ARG_SEQ), PG_GETARG_DATUM(ARG_PATH), PG_GETARG_DATUM(ARG_RESULT), PG_GETARG_DATUM(ARG_COLUMNS)};
	bool		nulls[lengthof(values)] = {false};

	nulls[lengthof(values) - 1] = PG_ARGISNULL(ARG_COLUMNS);
	pgd_insert_row(schema, "checkpoints", checkpoint_columns, lengthof(checkpoint_columns), values, nulls);
}

/* The worker's attempt no longer counts. */
static void
lease_lost(int64 instance_no, int32 worker)
{
	ereport(ERROR,
			(errcode(ERRCODE_DF_LEASE_LOST),
			 errmsg("worker %d does not hold instance " INT64_FORMAT, worker, instance_no)));
}

/* Whether an instance that has left df.queue belongs to the role that was entered. */
static bool
is_of_entered_role(int64 instance_no)
{
	Datum		values[] = {Int64GetDatum(instance_no), ObjectIdGetDatum(pgd_entered_role())};
	bool		found;

	SPI_connect();
	found = pgd_run(&find_submission, values, NULL) > 0;
	SPI_finish();
	return found;
}

/* Whether the worker holds the instance of a row of df.queue. */
static bool
is_held(TupleTableSlot *row, const void *worker)
{
	bool		is_null;
	Datum		holder = slot_getattr(row, QUEUE_WORKER_ID, &is_null);

	return !is_null && DatumGetInt32(holder) == *(const int32 *) worker;
}

/*
 * Moves the instance from df.queue to df.outcomes. Waits for nobody: a transaction that cancels the instance may stay open for a long time,
 * and must not hold up a worker's connection.
 */
static void
complete(FunctionCallInfo fcinfo, Oid schema, Lease *lease)
{
	bool		has_outcome = !PG_ARGISNULL(ARG_OUTCOME);
	int32		worker = PG_GETARG_INT32(ARG_WORKER);
	/* The instance's own result takes the place of the step's. */
	Datum		values[] = {PG_GETARG_DATUM(ARG_INSTANCE), TimestampTzGetDatum(GetCurrentTimestamp()), lease->started_at,
		PG_GETARG_DATUM(ARG_NODE), CStringGetTextDatum("completed"), PG_GETARG_DATUM(ARG_PATH), (Datum) 0, PG_GETARG_DATUM(ARG_OUTCOME)};
	bool		nulls[] = {false, false, !lease->was_started, has_outcome, false, has_outcome, true, !has_outcome};

	if (!pgd_take_row(schema, "queue", &lease->row, is_held, &worker))
		lease_lost(PG_GETARG_INT64(ARG_INSTANCE), worker);
	pgd_insert_row(schema, "outcomes", outcome_columns, lengthof(outcome_columns), values, nulls);

	/* Most instances have nobody to tell and nothing left over; checking that is cheap. */
	if (lease->has_parent ||
		pgd_has_row(schema, "signals", "signals_pkey", PG_GETARG_INT64(ARG_INSTANCE)) ||
		pgd_has_row(schema, "watches", "watches_instance_idx", PG_GETARG_INT64(ARG_INSTANCE)) ||
		pgd_has_row(schema, "submissions", "submissions_parent_idx", PG_GETARG_INT64(ARG_INSTANCE)))
	{
		/* It keeps its own plans. */
		int			level = pgd_begin_own_planning();

		SPI_connect();
		pgd_run(&after_end, values, NULL);
		SPI_finish();
		pgd_end_own_planning(level);
	}
}

/* df._commit_step(token, worker, instance, node, path, seq, attempt, finished_at, result, columns, completes, outcome) */
Datum
pg_durable_commit_step(PG_FUNCTION_ARGS)
{
	Oid			schema;
	int64		instance_no;
	int32		worker;
	Lease		lease;
	bool		is_own;
	bool		is_read_only = XactReadOnly;
	int			lock_timeout = LockTimeout;

	if (PG_ARGISNULL(ARG_TOKEN) || !pgd_seal(PG_GETARG_BYTEA_PP(ARG_TOKEN)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only the worker may call df._commit_step")));
	for (int i = ARG_WORKER; i <= ARG_COMPLETES; i++)
		if (PG_ARGISNULL(i) && i != ARG_COLUMNS)
			elog(ERROR, "argument %d of df._commit_step is NULL", i + 1);
	disable_timeout(STATEMENT_TIMEOUT, false);
	XactReadOnly = false;
	LockTimeout = 0;
	worker = PG_GETARG_INT32(ARG_WORKER);
	instance_no = PG_GETARG_INT64(ARG_INSTANCE);

	schema = get_namespace_oid("df", false);
	lease = read_lease(schema, instance_no, worker);
	if (!lease.held && !has_cancelled_itself(schema, instance_no, worker))
		lease_lost(instance_no, worker);
	is_own = lease.held ? lease.submitted_by == pgd_entered_role() : is_of_entered_role(instance_no);
	if (!is_own)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("instance " INT64_FORMAT " does not belong to the role that this step runs as", instance_no)));

	insert_checkpoint(fcinfo, schema);
	if (PG_GETARG_BOOL(ARG_COMPLETES) && lease.held)
		complete(fcinfo, schema, &lease);
	XactReadOnly = is_read_only;
	LockTimeout = lock_timeout;
	PG_RETURN_BOOL(lease.held);
}
