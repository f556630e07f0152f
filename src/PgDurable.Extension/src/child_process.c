/*
 * child_process.c - how a process of the launcher becomes the worker: its program, its environment, and what happens between fork and exec
 *
 * A child does not outlive the launcher: the kernel kills it (PR_SET_PDEATHSIG), however the launcher died.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/postmaster.h"
#include "utils/guc.h"
#include "utils/varlena.h"

#include "launcher.h"
#include "pg_durable.h"

#define DEFAULT_EXECUTABLE "pg_durable_worker"

extern char **environ;

/* Path of the worker executable. */
char *
pgd_executable_path(void)
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

/* Starts a process for the worker. Returns its id, or -1 with errno if it can't. */
pid_t
pgd_fork_child(const Worker *worker, const char *path)
{
	char	  **environment = child_environment(worker);
	pid_t		launcher = getpid();
	pid_t		pid;
	sigset_t	all;
	sigset_t	before;

	/* No signal handler may run in the child: those of this process set latches in shared memory. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		become_worker(path, environment, launcher);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}
