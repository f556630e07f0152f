/*
 * launcher.c - keeps the worker processes running, one for each database that has workflows
 *
 * The launcher is a background worker that is bound to no database and runs no statement; it is connected so that pg_stat_activity has a
 * row that shows what it is doing. Its only job is to run the worker executable in child processes. They are children, and not a library in
 * this process, because whatever happens to a worker (crash, kill -9, out of memory) is then only an exit status here; PostgreSQL restarts
 * every session if one of its own processes dies.
 *
 * workers.c says when a worker is started again. This is how all of them end:
 *
 *   SIGTERM         -> the server stops: SIGTERM to the children, SIGKILL if they take too long, exit
 *   smart shutdown  -> the same, but early: the server waits for its clients to leave, and the workers are clients
 *   postmaster dies -> SIGKILL to the children, exit
 *   launcher dies   -> the kernel kills the children (child_process.c)
 */
#include "postgres.h"

#include <signal.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"
#include "utils/timestamp.h"
#if PG_VERSION_NUM >= 180000
#include "utils/wait_event.h"
#endif

#include "launcher.h"
#include "pg_durable.h"

/* How long the worker may take to finish its statements when the server stops. */
#define STOP_WITHIN_MS 10000

/* How often to check whether a smart shutdown has begun: nobody tells background workers. */
#define LOOK_FOR_SHUTDOWN_MS 1000

PGDLLEXPORT void pg_durable_launcher_main(Datum arg);

static bool stopping = false;

/* SIGCHLD: wake the main loop, which asks waitpid() what happened. */
static void
handle_sigchld(SIGNAL_ARGS)
{
	int			save_errno = errno;

	SetLatch(MyLatch);
	errno = save_errno;
}

/* Shows the state in pg_stat_activity. */
static void
report_state(void)
{
	static char reported[128] = "";
	char		text[sizeof(reported)];
	const Worker *only = &pgd_workers[0];
	int			children = pgd_count_children();

	if (stopping && children == 0)
		snprintf(text, sizeof(text), "%s stopped because the server is stopping", pgd_n_workers == 1 ? "worker" : "workers");
	else if (pgd_n_workers > 1)
		snprintf(text, sizeof(text), stopping ? "stopping %d of %d workers" : "%d of %d workers running", children, pgd_n_workers);
	else if (only->child != 0)
		snprintf(text, sizeof(text), stopping ? "stopping the worker (PID %d)" : "worker running (PID %d)", (int) only->child);
	else if (only->waits_for_reload)
		strlcpy(text, "waiting for a reload: the worker does not run because of its configuration", sizeof(text));
	else
		snprintf(text, sizeof(text), "waiting until %s to start the worker", timestamptz_to_str(only->start_at));

	if (strcmp(text, reported) == 0)
		return;
	strlcpy(reported, text, sizeof(reported));
	/* Idle, so that nobody mistakes it for a statement that has been running for days. */
	pgstat_report_activity(STATE_IDLE, text);
}

/* Sleeps until a signal arrives or the time is up. Ends the process if the postmaster has died. */
static void
wait_ms(long timeout_ms)
{
	int			events = WL_LATCH_SET | WL_POSTMASTER_DEATH;
	int			rc;

	report_state();
	if (timeout_ms >= 0)
		events |= WL_TIMEOUT;
	rc = WaitLatch(MyLatch, events, Max(timeout_ms, 0), PG_WAIT_EXTENSION);
	if (rc & WL_LATCH_SET)
		ResetLatch(MyLatch);

	if (rc & WL_POSTMASTER_DEATH)
	{
		/* There is no server left in which to finish anything. */
		pgd_signal_children(SIGKILL);
		proc_exit(1);
	}

	/* What the server asks of all its processes, for example to close the files of a database that is being dropped. */
	CHECK_FOR_INTERRUPTS();
}

/* Ends the children: politely, and by force if they do not end in time. */
static void
stop_children(void)
{
	TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), STOP_WITHIN_MS);

	pgd_signal_children(SIGTERM);
	for (;;)
	{
		TimestampTz now = GetCurrentTimestamp();

		for (int i = 0; i < pgd_n_workers; i++)
			pgd_reap_child(&pgd_workers[i], stopping);
		if (pgd_count_children() == 0)
			return;
		if (now >= deadline)
		{
			for (int i = 0; i < pgd_n_workers; i++)
				if (pgd_workers[i].child != 0)
					ereport(LOG,
							(errmsg("pg_durable: worker%s (PID %d) did not stop within %d s, killing it",
									pgd_of_database(&pgd_workers[i]), (int) pgd_workers[i].child, STOP_WITHIN_MS / 1000)));
			pgd_signal_children(SIGKILL);
			deadline = TimestampTzPlusMilliseconds(now, STOP_WITHIN_MS);
		}
		wait_ms(TimestampDifferenceMilliseconds(GetCurrentTimestamp(), deadline));
	}
}

/* Whether the postmaster has begun to shut down, which it writes into its lock file. */
static bool
server_is_stopping(void)
{
	FILE	   *file = fopen("postmaster.pid", "r");
	char		line[MAXPGPATH];
	int			number = 0;
	bool		result = false;

	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL)
		if (++number == LOCK_FILE_LINE_PM_STATUS)
			result = strncmp(line, PM_STATUS_STOPPING, strlen(PM_STATUS_STOPPING)) == 0;
	fclose(file);
	return result;
}

/* Main function of the background worker. */
void
pg_durable_launcher_main(Datum arg)
{
	MemoryContext loop_context;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	pqsignal(SIGCHLD, handle_sigchld);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);

	MemoryContextSwitchTo(TopMemoryContext);
	pgd_plan_workers();
	loop_context = AllocSetContextCreate(TopMemoryContext, "pg_durable launcher", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(loop_context);

	while (!ShutdownRequestPending)
	{
		long		timeout_ms = -1;

		MemoryContextReset(loop_context);
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			pgd_reload_workers();
		}
		for (int i = 0; i < pgd_n_workers; i++)
		{
			Worker	   *worker = &pgd_workers[i];
			long		left_ms;

			pgd_reap_child(worker, stopping);
			if (worker->child != 0 || worker->waits_for_reload)
				continue;
			if (GetCurrentTimestamp() >= worker->start_at)
				pgd_start_child(worker);
			if (worker->child != 0)
				continue;
			left_ms = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), worker->start_at);
			timeout_ms = timeout_ms < 0 ? left_ms : Min(timeout_ms, left_ms);
		}
		if (pgd_count_children() > 0)
		{
			if (server_is_stopping())
				break;
			timeout_ms = timeout_ms < 0 ? LOOK_FOR_SHUTDOWN_MS : Min(timeout_ms, LOOK_FOR_SHUTDOWN_MS);
		}
		wait_ms(timeout_ms);
	}

	stopping = true;
	stop_children();
	while (!ShutdownRequestPending)
		wait_ms(-1);

	/* Not 0: that would tell the postmaster never to start the launcher again, even if only this process was stopped. */
	proc_exit(1);
}

/* Registers the launcher with the postmaster; called while the module is loaded. */
void
pgd_register_launcher(void)
{
	BackgroundWorker worker;

	/* A server run by pg_upgrade must not run anybody's workflows. */
	if (!pgd_worker || IsBinaryUpgrade)
		return;

	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	/* Not on a standby, where nothing can be written. It starts when the standby is promoted. */
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = 1;
	strlcpy(worker.bgw_library_name, "pg_durable", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "pg_durable_launcher_main", sizeof(worker.bgw_function_name));
	strlcpy(worker.bgw_name, "pg_durable launcher", sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "pg_durable launcher", sizeof(worker.bgw_type));
	RegisterBackgroundWorker(&worker);
}
