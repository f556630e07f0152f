/*
 * launcher.c - keeps the worker processes running, one for each database that has workflows
 *
 * The launcher is a background worker that is bound to no database and runs no statement; it is connected so that pg_stat_activity has a
 * row that shows what it is doing. Its only job is to run the worker executable in child processes. They are children, and not a library in
 * this process, because whatever happens to a worker (crash, kill -9, out of memory) is then only an exit status here; PostgreSQL restarts
 * every session if one of its own processes dies.
 *
 * States of a worker: no child, and a time to start one; or a child. waitpid() has the truth, never what a signal seemed to say.
 *
 *   child exits     -> start again: at once if it had run for a while, otherwise after a pause that doubles
 *   child exits 78  -> its configuration is wrong and trying again can't help: wait for a reload (SIGHUP)
 *   SIGTERM         -> the server stops: SIGTERM to the children, SIGKILL if they take too long, exit
 *   smart shutdown  -> the same, but early: the server waits for its clients to leave, and the workers are clients
 *   postmaster dies -> SIGKILL to the children, exit
 *   launcher dies   -> the kernel kills the children (PR_SET_PDEATHSIG), however the launcher died
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "port.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"
#if PG_VERSION_NUM >= 180000
#include "utils/wait_event.h"
#endif

#include "pg_durable.h"

#define DEFAULT_EXECUTABLE "pg_durable_worker"

/* A child that lived this long was healthy: whatever ended it, the next one starts without a pause. */
#define HEALTHY_AFTER_MS 5000
#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 10000

/* How long the worker may take to finish its statements when the server stops. */
#define STOP_WITHIN_MS 10000

/* How often to check whether a smart shutdown has begun: nobody tells background workers. */
#define LOOK_FOR_SHUTDOWN_MS 1000

/* Exit status of a child that ended before it became the worker, as in a shell. */
#define EXIT_NOT_STARTED 127

extern char **environ;

PGDLLEXPORT void pg_durable_launcher_main(Datum arg);

/* The worker of a database. */
typedef struct Worker
{
	char	   *database;
	int			connections;	/* its share of pg_durable.max_user_connections */
	pid_t		child;			/* 0: none */
	TimestampTz child_started;
	TimestampTz start_at;
	int			pause_ms;
	bool		waits_for_reload;
} Worker;

static Worker *workers;
static int	n_workers;
static bool stopping = false;

/* SIGCHLD: wake the main loop, which asks waitpid() what happened. */
static void
handle_sigchld(SIGNAL_ARGS)
{
	int			save_errno = errno;

	SetLatch(MyLatch);
	errno = save_errno;
}

/* Path of the worker executable. */
static char *
executable_path(void)
{
	if (pgd_worker_executable != NULL && pgd_worker_executable[0] != '\0')
		return pstrdup(pgd_worker_executable);
	return psprintf("%s/%s", pkglib_path, DEFAULT_EXECUTABLE);
}

/* Where this server listens: the setting's value, or else its first socket folder, or else the loopback address. */
char *
pgd_server_host(void)
{
	List	   *folders = NIL;

	if (pgd_host != NULL && pgd_host[0] != '\0')
	{
		size_t		length = strlen(pgd_host);

		/* The way URLs write an IPv6 address. */
		return pgd_host[0] == '[' && pgd_host[length - 1] == ']' ? pnstrdup(pgd_host + 1, length - 2) : pstrdup(pgd_host);
	}
	if (Unix_socket_directories != NULL &&
		SplitDirectoriesString(pstrdup(Unix_socket_directories), ',', &folders) &&
		folders != NIL)
		return linitial(folders);
	return "127.0.0.1";
}

/*
 * Whether the child may see a variable of the server's environment. Variables that database clients read (PGHOST, PGOPTIONS, PGUSER, ...)
 * would send the worker elsewhere or change its sessions; only those needed to authenticate may pass.
 */
static bool
passes_to_child(const char *variable)
{
	return strncmp(variable, "PG", 2) != 0 ||
		strncmp(variable, "PGPASS", 6) == 0 ||
		strncmp(variable, "PGSSL", 5) == 0 ||
		strncmp(variable, "PG_DURABLE_", 11) == 0;
}

/* The environment of the child. Our variables come first: getenv() finds the first of equal names. */
static char **
child_environment(const Worker *worker)
{
	char	  **result;
	int			inherited = 0;
	int			n = 0;
	int			n_ours;

	while (environ[inherited] != NULL)
		inherited++;
	result = palloc(sizeof(char *) * (inherited + 16));

	result[n++] = psprintf("PGHOST=%s", pgd_server_host());
	result[n++] = psprintf("PGPORT=%d", PostPortNumber);
	result[n++] = psprintf("PGDATABASE=%s", worker->database);
	result[n++] = psprintf("PGUSER=%s", pgd_worker_role);
	result[n++] = psprintf("PG_DURABLE_MAX_USER_CONNECTIONS=%d", worker->connections);
	result[n++] = psprintf("PG_DURABLE_MAX_RESULT_BYTES=%d", pgd_max_result_bytes);
	result[n++] = psprintf("PG_DURABLE_LOG_WORKFLOW_SQL=%s", pgd_log_workflow_sql ? "true" : "false");

	/* Without this .NET leaves debugger pipes in the temporary folder, and anybody with the server's account could attach. */
	result[n++] = "DOTNET_EnableDiagnostics=0";
	/* The database needs memory and processors more than the worker does. */
	result[n++] = "DOTNET_gcServer=0";
	result[n++] = "DOTNET_gcConcurrent=0";
	result[n++] = "DOTNET_GCgen0size=2000000";	/* hexadecimal: collect garbage after 32 MB, not after the size of the cache */
	result[n++] = "DOTNET_TieredPGO=0";
	/* A step is a few messages back and forth: handing each to another thread would cost more than handling it. */
	result[n++] = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1";
	n_ours = n;

	for (int i = 0; i < inherited; i++)
	{
		int			name_length = strcspn(environ[i], "=") + 1;
		bool		ours = false;

		for (int j = 0; j < n_ours && !ours; j++)
			ours = strncmp(environ[i], result[j], name_length) == 0;
		if (!ours && passes_to_child(environ[i]))
			result[n++] = environ[i];
	}
	result[n] = NULL;
	return result;
}

/*
 * Turns the forked process into the worker; never returns. Only system calls between fork and exec: this process must not use the
 * launcher's memory, its exit callbacks and its shared memory. (The score for the kernel's out-of-memory killer is inherited from the
 * launcher, where PostgreSQL has already reset it.)
 */
static void
become_worker(const char *path, char **environment, pid_t launcher)
{
	char	   *argv[2];
	int			null_fd;
	sigset_t	none;

	/* Leave the launcher's process group: the postmaster signals whole groups, and Ctrl-C reaches that of the terminal. */
	setsid();

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != launcher)
		_exit(EXIT_NOT_STARTED);	/* the launcher died before prctl() took effect */

	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	null_fd = open("/dev/null", O_RDONLY);
	if (null_fd < 0 || dup2(null_fd, 0) < 0 || dup2(2, 1) < 0)
		_exit(EXIT_NOT_STARTED);
	/* This includes every data file, and the pipe by which PostgreSQL's processes notice that the postmaster died. */
	if (close_range(3, ~0U, 0) != 0)
	{
		long		limit = sysconf(_SC_OPEN_MAX);

		for (int fd = 3; fd < limit; fd++)
			close(fd);
	}

	/* The launcher's umask is that for data files. The worker creates none, and nobody else should read what it creates. */
	umask(077);

	argv[0] = unconstify(char *, path);
	argv[1] = NULL;
	execve(path, argv, environment);
	_exit(EXIT_NOT_STARTED);
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
static const char *
of_database(const Worker *worker)
{
	return n_workers == 1 ? "" : psprintf(" of database \"%s\"", worker->database);
}

/* Starts the worker, or logs why it can't and sets the time of the next attempt. */
static void
start_child(Worker *worker)
{
	char	   *path = executable_path();
	char	  **environment = child_environment(worker);
	pid_t		launcher = getpid();
	pid_t		pid;
	sigset_t	all;
	sigset_t	before;

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

	/* No signal handler may run in the child: those of this process set latches in shared memory. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		become_worker(path, environment, launcher);
	sigprocmask(SIG_SETMASK, &before, NULL);

	if (pid < 0)
	{
		ereport(LOG, (errmsg("pg_durable: cannot start a process for the worker: %m")));
		start_later(worker, next_pause(worker));
		return;
	}

	worker->child = pid;
	worker->child_started = GetCurrentTimestamp();
	ereport(LOG, (errmsg("pg_durable: worker%s started (PID %d)", of_database(worker), (int) pid)));
}

/* Collects the child if it has ended, logs how, and plans the next start. */
static void
reap_child(Worker *worker)
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
				(errmsg("pg_durable: worker%s (PID %d) exited with exit code %d", of_database(worker), (int) worker->child, WEXITSTATUS(status)),
				 WEXITSTATUS(status) == EXIT_NOT_STARTED
				 ? errhint("The executable \"%s\" may not run on this system.", executable_path()) : 0));
	else if (pid > 0 && WIFSIGNALED(status))
		ereport(LOG,
				(errmsg("pg_durable: worker%s (PID %d) was terminated by signal %d: %s",
						of_database(worker), (int) worker->child, WTERMSIG(status), pg_strsignal(WTERMSIG(status)))));
	worker->child = 0;

	if (stopping)
		return;

	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG)
	{
		worker->waits_for_reload = true;
		ereport(LOG,
				(errmsg("pg_durable: worker%s does not run because of its configuration", of_database(worker)),
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
	ereport(LOG, (errmsg("pg_durable: restarting the worker%s in %d ms", of_database(worker), delay_ms)));
}

/* The number of children. */
static int
count_children(void)
{
	int			result = 0;

	for (int i = 0; i < n_workers; i++)
		if (workers[i].child != 0)
			result++;
	return result;
}

/* Shows the state in pg_stat_activity. */
static void
report_state(void)
{
	static char reported[128] = "";
	char		text[sizeof(reported)];
	const Worker *only = &workers[0];
	int			children = count_children();

	if (stopping && children == 0)
		snprintf(text, sizeof(text), "%s stopped because the server is stopping", n_workers == 1 ? "worker" : "workers");
	else if (n_workers > 1)
		snprintf(text, sizeof(text), stopping ? "stopping %d of %d workers" : "%d of %d workers running", children, n_workers);
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

/* Sends a signal to all children. */
static void
signal_children(int signal_number)
{
	for (int i = 0; i < n_workers; i++)
		if (workers[i].child != 0)
			kill(workers[i].child, signal_number);
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
		signal_children(SIGKILL);
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

	signal_children(SIGTERM);
	for (;;)
	{
		TimestampTz now = GetCurrentTimestamp();

		for (int i = 0; i < n_workers; i++)
			reap_child(&workers[i]);
		if (count_children() == 0)
			return;
		if (now >= deadline)
		{
			for (int i = 0; i < n_workers; i++)
				if (workers[i].child != 0)
					ereport(LOG,
							(errmsg("pg_durable: worker%s (PID %d) did not stop within %d s, killing it",
									of_database(&workers[i]), (int) workers[i].child, STOP_WITHIN_MS / 1000)));
			signal_children(SIGKILL);
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

/* SIGHUP: pass it on, and give workers with a wrong configuration another chance. */
static void
reload(void)
{
	ProcessConfigFile(PGC_SIGHUP);
	signal_children(SIGHUP);
	for (int i = 0; i < n_workers; i++)
	{
		Worker	   *worker = &workers[i];

		if (worker->child == 0 && worker->waits_for_reload)
		{
			worker->waits_for_reload = false;
			worker->pause_ms = FIRST_PAUSE_MS;
			start_later(worker, 0);
		}
	}
}

/* One worker per database. Together they have the connections that the setting allows. */
static void
plan_workers(void)
{
	List	   *databases = pgd_databases();
	ListCell   *cell;

	workers = palloc0(list_length(databases) * sizeof(Worker));
	foreach(cell, databases)
	{
		Worker	   *worker = &workers[n_workers++];

		worker->database = lfirst(cell);
		worker->connections = Max(1, (pgd_max_user_connections + list_length(databases) - n_workers) / list_length(databases));
		worker->pause_ms = FIRST_PAUSE_MS;
		worker->start_at = GetCurrentTimestamp();
	}
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
	plan_workers();
	loop_context = AllocSetContextCreate(TopMemoryContext, "pg_durable launcher", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(loop_context);

	while (!ShutdownRequestPending)
	{
		long		timeout_ms = -1;

		MemoryContextReset(loop_context);
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			reload();
		}
		for (int i = 0; i < n_workers; i++)
		{
			Worker	   *worker = &workers[i];
			long		left_ms;

			reap_child(worker);
			if (worker->child != 0 || worker->waits_for_reload)
				continue;
			if (GetCurrentTimestamp() >= worker->start_at)
				start_child(worker);
			if (worker->child != 0)
				continue;
			left_ms = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), worker->start_at);
			timeout_ms = timeout_ms < 0 ? left_ms : Min(timeout_ms, left_ms);
		}
		if (count_children() > 0)
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
