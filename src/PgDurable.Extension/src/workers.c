/*
 * workers.c - what happens to each worker: one process for each database that has workflows
 *
 * A worker has no child, and a time to start one; or it has a child. waitpid() has the truth, never what a signal seemed to say.
 *
 *   child exits     -> start again: at once if it had run for a while, otherwise after a pause that doubles
 *   child exits 78  -> its configuration is wrong and trying again can't help: wait for a reload (SIGHUP)
 */
#include "postgres.h"

#include <signal.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "port.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "launcher.h"
#include "pg_durable.h"

/* A child that lived this long was healthy: whatever ended it, the next one starts without a pause. */
#define HEALTHY_AFTER_MS 5000
#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 10000

Worker	   *pgd_workers;
int			pgd_n_workers;

/* One worker per database. Together they have the connections that the setting allows. */
void
pgd_plan_workers(void)
{
	List	   *databases = pgd_databases();
	ListCell   *cell;

	pgd_workers = palloc0(list_length(databases) * sizeof(Worker));
	foreach(cell, databases)
	{
		Worker	   *worker = &pgd_workers[pgd_n_workers++];

		worker->database = lfirst(cell);
		worker->connections = Max(1, (pgd_max_user_connections + list_length(databases) - pgd_n_workers) / list_length(databases));
		worker->pause_ms = FIRST_PAUSE_MS;
		worker->start_at = GetCurrentTimestamp();
	}
}

/* After a failure: sets when to start the next child. */
static void
start_later(Worker *worker, int delay_ms)
{
	worker->start_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay_ms);
}

/* The pause before the next start if the last child lived only briefly or not at all. */
static int
next_pause(Worker *worker)
{
	int			result = worker->pause_ms;

	worker->pause_ms = Min(Max(worker->pause_ms * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
	return Max(result, FIRST_PAUSE_MS);
}

/* For messages: which worker, if there are several. */
const char *
pgd_of_database(const Worker *worker)
{
	return pgd_n_workers == 1 ? "" : psprintf(" of database \"%s\"", worker->database);
}

/* Starts the worker, or logs why it can't and sets the time of the next attempt. */
void
pgd_start_child(Worker *worker)
{
	char	   *path = pgd_executable_path();
	pid_t		pid;

	if (access(path, X_OK) != 0)
	{
		ereport(LOG,
				(errcode_for_file_access(),
				 errmsg("pg_durable: cannot start the worker \"%s\": %m", path),
				 errhint("Install the worker executable or set pg_durable.worker_executable. "
						 "To run no worker here, set pg_durable.worker = off.")));
		start_later(worker, LONGEST_PAUSE_MS);
		return;
	}

	pid = pgd_fork_child(worker, path);
	if (pid < 0)
	{
		ereport(LOG, (errmsg("pg_durable: cannot start a process for the worker: %m")));
		start_later(worker, next_pause(worker));
		return;
	}

	worker->child = pid;
	worker->child_started = GetCurrentTimestamp();
	ereport(LOG, (errmsg("pg_durable: worker%s started (PID %d)", pgd_of_database(worker), (int) pid)));
}

/* Collects the child if it has ended, logs how, and plans the next start. */
void
pgd_reap_child(Worker *worker, bool stopping)
{
	int			status;
	pid_t		pid;
	int			delay_ms;

	if (worker->child == 0)
		return;
	do
		pid = waitpid(worker->child, &status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return;

	/* ECHILD can only mean that somebody else collected it: either way it is gone. */
	if (pid > 0 && WIFEXITED(status))
		ereport(LOG,
				(errmsg("pg_durable: worker%s (PID %d) exited with exit code %d", pgd_of_database(worker), (int) worker->child, WEXITSTATUS(status)),
				 WEXITSTATUS(status) == EXIT_NOT_STARTED
				 ? errhint("The executable \"%s\" may not run on this system.", pgd_executable_path()) : 0));
	else if (pid > 0 && WIFSIGNALED(status))
		ereport(LOG,
				(errmsg("pg_durable: worker%s (PID %d) was terminated by signal %d: %s",
						pgd_of_database(worker), (int) worker->child, WTERMSIG(status), pg_strsignal(WTERMSIG(status)))));
	worker->child = 0;

	if (stopping)
		return;

	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG)
	{
		worker->waits_for_reload = true;
		ereport(LOG,
				(errmsg("pg_durable: worker%s does not run because of its configuration", pgd_of_database(worker)),
				 errhint("See the messages before this one, correct the settings, and reload or restart the server.")));
		return;
	}

	if (TimestampDifferenceExceeds(worker->child_started, GetCurrentTimestamp(), HEALTHY_AFTER_MS))
	{
		worker->pause_ms = FIRST_PAUSE_MS;
		delay_ms = 0;
	}
	else
		delay_ms = next_pause(worker);
	start_later(worker, delay_ms);
	ereport(LOG, (errmsg("pg_durable: restarting the worker%s in %d ms", pgd_of_database(worker), delay_ms)));
}

/* The number of children. */
int
pgd_count_children(void)
{
	int			result = 0;

	for (int i = 0; i < pgd_n_workers; i++)
		if (pgd_workers[i].child != 0)
			result++;
	return result;
}

/* Sends a signal to all children. */
void
pgd_signal_children(int signal_number)
{
	for (int i = 0; i < pgd_n_workers; i++)
		if (pgd_workers[i].child != 0)
			kill(pgd_workers[i].child, signal_number);
}

/* SIGHUP: pass it on, and give workers with a wrong configuration another chance. */
void
pgd_reload_workers(void)
{
	ProcessConfigFile(PGC_SIGHUP);
	pgd_signal_children(SIGHUP);
	for (int i = 0; i < pgd_n_workers; i++)
	{
		Worker	   *worker = &pgd_workers[i];

		if (worker->child == 0 && worker->waits_for_reload)
		{
			worker->waits_for_reload = false;
			worker->pause_ms = FIRST_PAUSE_MS;
			start_later(worker, 0);
		}
	}
}
