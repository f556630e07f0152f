/*
 * wake.c - tells workers that there may be something to claim, and lets an idle worker wait for that inside the server
 *
 * From the commit of a start to the claim, only the backend in which the worker waits has to wake up. A start costs nothing while no worker
 * waits. Workers in applications that are not superusers wait outside, for a notification.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

/* Only FeBeWaitSet is used. Without these, the headers of two libraries need not be installed. */
#undef ENABLE_GSS
#undef USE_OPENSSL
#include "libpq/libpq.h"

#include "lookup.h"
#include "pg_durable.h"

/* More workers than this wait without being woken: they look by themselves. */
#define MOST_WAITING 128

/* Something may be due or new that can't be claimed, because somebody has locked it. */
#define LEAST_WAIT_MS 4

/* A backend in which a worker waits. */
typedef struct Waiter
{
	Latch	   *latch;			/* NULL: the place is free */
	Oid			database;
	bool		woken;
} Waiter;

typedef struct Waiters
{
	slock_t		lock;
	int			count;
	Waiter		waiter[MOST_WAITING];
} Waiters;

static Waiters *waiters = NULL;
static shmem_request_hook_type next_shmem_request = NULL;
static shmem_startup_hook_type next_shmem_startup = NULL;

static bool has_news = false;	/* this transaction has something for workers */
static Waiter *own = NULL;

PG_FUNCTION_INFO_V1(pg_durable_tell_workers);
PG_FUNCTION_INFO_V1(pg_durable_await_work);

/* ---------------------------------------------------------------- telling */

/* Wakes the workers that wait for this database. They see what this transaction has written. */
static void
wake_waiters(void)
{
	Latch	   *latches[MOST_WAITING];
	int			n = 0;

	SpinLockAcquire(&waiters->lock);
	for (int i = 0; i < MOST_WAITING && waiters->count > 0; i++)
	{
		Waiter	   *waiter = &waiters->waiter[i];

		if (waiter->latch != NULL && waiter->database == MyDatabaseId && !waiter->woken)
		{
			waiter->woken = true;
			latches[n++] = waiter->latch;
		}
	}
	SpinLockRelease(&waiters->lock);
	while (n > 0)
		SetLatch(latches[--n]);
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (has_news && event == XACT_EVENT_COMMIT)
		wake_waiters();
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		has_news = false;
}

/* Whether a worker waits for a notification. There are few workers. */
static bool
is_worker_idle(Oid schema, Snapshot snapshot)
{
	PgdLookup	lookup;
	bool		is_idle = false;

	for (pgd_begin_lookup(&lookup, schema, "workers", "workers_pkey", NULL, 0, ForwardScanDirection, snapshot);
		 HeapTupleIsValid(lookup.tuple) && !is_idle; (void) pgd_next(&lookup))
	{
		bool		is_null;

		is_idle = DatumGetBool(pgd_column(&lookup, "idle", &is_null));
	}
	(void) pgd_end_lookup(&lookup);
	return is_idle;
}

/*
 * When this transaction commits, workers look for what they can claim. Those that are busy find it anyway; and a commit that notifies takes
 * a lock that is global to the cluster.
 */
void
pgd_tell_workers(Oid schema, Snapshot snapshot, const char *what)
{
	has_news = true;
	if (is_worker_idle(schema, snapshot))
		pgd_notify("pg_durable", what);
}

/* df._tell_workers(what) */
Datum
pg_durable_tell_workers(PG_FUNCTION_ARGS)
{
	pgd_tell_workers(get_namespace_oid("df", false), GetActiveSnapshot(), text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

/* ---------------------------------------------------------------- waiting */

static void
begin_waiting(void)
{
	SpinLockAcquire(&waiters->lock);
	for (int i = 0; i < MOST_WAITING && own == NULL; i++)
		if (waiters->waiter[i].latch == NULL)
			own = &waiters->waiter[i];
	if (own != NULL)
	{
		own->latch = MyLatch;
		own->database = MyDatabaseId;
		own->woken = false;
		waiters->count++;
	}
	SpinLockRelease(&waiters->lock);
}

static void
end_waiting(void)
{
	if (own == NULL)
		return;
	SpinLockAcquire(&waiters->lock);
	own->latch = NULL;
	waiters->count--;
	SpinLockRelease(&waiters->lock);
	own = NULL;
}

/* The session ends while it waits. */
static void
at_exit(int code, Datum arg)
{
	end_waiting();
}

static bool
is_woken(void)
{
	bool		woken;

	if (own == NULL)
		return false;
	SpinLockAcquire(&waiters->lock);
	woken = own->woken;
	SpinLockRelease(&waiters->lock);
	return woken;
}

/* When the next instance is due, which may have been long ago: there is no more to wait for than that. */
static TimestampTz
next_due(Oid schema)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TimestampTz due = DT_NOEND;
	PgdLookup	lookup;
	bool		is_null;

	pgd_begin_lookup(&lookup, schema, "queue", "queue_due_idx", NULL, 0, ForwardScanDirection, snapshot);
	if (HeapTupleIsValid(lookup.tuple))
		due = DatumGetTimestampTz(pgd_column(&lookup, "due_at", &is_null));
	(void) pgd_end_lookup(&lookup);
	pgd_begin_lookup(&lookup, schema, "wakeups", "wakeups_instance_idx", NULL, 0, ForwardScanDirection, snapshot);
	if (pgd_end_lookup(&lookup))
		due = DT_NOBEGIN;
	UnregisterSnapshot(snapshot);
	return due;
}

/* Waits until it is woken or the time is over. If the client or the server goes away, there is nobody left to wait for. */
static void
wait_for_wake(TimestampTz until)
{
	long		left;

	while (!is_woken() && (left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until)) > 0)
	{
		WaitEvent	event;

		ModifyWaitEvent(FeBeWaitSet, FeBeWaitSetSocketPos, WL_SOCKET_CLOSED, NULL);
		if (WaitEventSetWait(FeBeWaitSet, left, &event, 1, PG_WAIT_EXTENSION) == 0 ||
			(event.events & (WL_SOCKET_CLOSED | WL_POSTMASTER_DEATH)))
			return;
		if (event.events & WL_LATCH_SET)
			ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

/* df._await_work(milliseconds) */
Datum
pg_durable_await_work(PG_FUNCTION_ARGS)
{
	static bool registered = false;
	int			most = Max(LEAST_WAIT_MS, PG_GETARG_INT32(0));

	if (!registered)
		before_shmem_exit(at_exit, (Datum) 0);
	registered = true;

	/* First, so that nothing is missed that commits after the look. */
	begin_waiting();
	PG_TRY();
	{
		TimestampTz due = next_due(get_namespace_oid("df", false));
		TimestampTz now = GetCurrentTimestamp();

		wait_for_wake(Min(TimestampTzPlusMilliseconds(now, most), Max(due, TimestampTzPlusMilliseconds(now, LEAST_WAIT_MS))));
	}
	PG_FINALLY();
	{
		end_waiting();
	}
	PG_END_TRY();
	PG_RETURN_VOID();
}

/* ---------------------------------------------------------------- installing */

static void
request_memory(void)
{
	if (next_shmem_request)
		next_shmem_request();
	RequestAddinShmemSpace(MAXALIGN(sizeof(Waiters)));
}

static void
find_memory(void)
{
	bool		found;

	if (next_shmem_startup)
		next_shmem_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	waiters = ShmemInitStruct("pg_durable: waiting workers", sizeof(Waiters), &found);
	if (!found)
	{
		memset(waiters, 0, sizeof(Waiters));
		SpinLockInit(&waiters->lock);
	}
	LWLockRelease(AddinShmemInitLock);
}

/* Called when the module is loaded, in the postmaster. */
void
pgd_install_wake(void)
{
	next_shmem_request = shmem_request_hook;
	shmem_request_hook = request_memory;
	next_shmem_startup = shmem_startup_hook;
	shmem_startup_hook = find_memory;
	RegisterXactCallback(at_transaction_end, NULL);
}
