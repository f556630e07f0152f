/*
 * pg_durable.c - entry point and settings
 *
 * The module does what SQL can't: it keeps the worker process running as long as the server runs (launcher.c), lets a connection of the
 * worker run a statement as another role (sandbox.c), takes a superuser's rights from the worker's connections (session.c), and starts an
 * instance in a transaction of its own (new_transaction.c).
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "pg_durable.h"

PG_MODULE_MAGIC;

#define DEFAULT_MAX_DUROXIDE_CONNECTIONS 10

char	   *pgd_session;
char	   *pgd_worker_role;
char	   *pgd_database;
char	   *pgd_further_databases;
char	   *pgd_host;
bool		pgd_log_workflow_sql;
char	   *pgd_worker_executable;
int			pgd_max_user_connections;
int			pgd_max_result_bytes;
bool		pgd_enable_superuser_instances;
bool		pgd_worker;
int			pgd_max_new_transaction_starts;
int			pgd_new_transaction_start_timeout;
int			pgd_max_instances_per_role;
int			pgd_max_starts_per_second_per_role;

/* SQL and the worker read these as plain numbers, so they have no units. */
static int	max_management_connections;
static int	max_duroxide_connections;
static int	execution_acquire_timeout;
static int	list_instances_max_limit;
static int	retention_days;
static int	retention_instances;
static int	reconcile_interval;
static int	min_loop_interval;
static int	max_running_steps_per_role;
static int	max_signals_per_instance;
static int	max_signal_bytes_per_instance;
static int	max_call_depth;
static int	max_schedules_per_role;
static int	http_security;
static char *http_allowed_domains;
static char *http_allowed_hosts;
static bool http_allow_private_addresses;
static int	http_max_request_bytes;
static int	http_max_response_bytes;

void		_PG_init(void);

/* Every setting of the extension, in one place. */
static void
define_settings(void)
{
	DefineCustomStringVariable("pg_durable.worker_role",
							   "Role that the worker connects as.",
							   "Must be a superuser.",
							   &pgd_worker_role, "postgres", PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomStringVariable("pg_durable.session",
							   "What the worker opened this connection for.",
							   "Set by the worker when it connects.",
							   &pgd_session, "", PGC_SU_BACKEND, GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE | GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL,
							   pgd_check_session, pgd_assign_session, pgd_show_session);

	DefineCustomStringVariable("pg_durable.database",
							   "Database that holds the extension and that the worker connects to.",
							   NULL,
							   &pgd_database, "postgres", PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomStringVariable("pg_durable.databases",
							   "Further databases that may hold the extension, each with its own worker.",
							   "A list of names. Their workers share the connections for steps.",
							   &pgd_further_databases, "", PGC_POSTMASTER, GUC_LIST_INPUT, pgd_check_databases, NULL, NULL);
	DefineCustomStringVariable("pg_durable.host",
							   "Host that the worker and starts in a new transaction connect to.",
							   "A name, an address or a socket folder. If empty, the server's first socket folder, or else 127.0.0.1.",
							   &pgd_host, "", PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomBoolVariable("pg_durable.log_workflow_sql",
							 "Makes the worker log the statement of each step that it runs.",
							 "The statement contains the values that steps pass on.",
							 &pgd_log_workflow_sql, false, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_user_connections",
							"Maximum number of workflow steps that run SQL at the same time.",
							NULL,
							&pgd_max_user_connections, 10, 1, 1000, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomBoolVariable("pg_durable.enable_superuser_instances",
							 "Allows workflows that a superuser started to run.",
							 NULL,
							 &pgd_enable_superuser_instances, false, PGC_POSTMASTER, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_result_bytes",
							"Maximum size of the result of one step.",
							"A step with a larger result fails.",
							&pgd_max_result_bytes, 16 * 1024 * 1024, 1024, 512 * 1024 * 1024,
							PGC_SIGHUP, GUC_UNIT_BYTE, NULL, NULL, NULL);

	DefineCustomStringVariable("pg_durable.worker_executable",
							   "Program that runs the workflows.",
							   "Empty means pg_durable_worker in the server's library folder.",
							   &pgd_worker_executable, "", PGC_POSTMASTER, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_management_connections",
							"Maximum number of worker connections for everything but steps.",
							"Accepted for compatibility: the worker needs two.",
							&max_management_connections, 6, 1, 1000, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_duroxide_connections",
							"Ignored.",
							"Accepted for compatibility.",
							&max_duroxide_connections, DEFAULT_MAX_DUROXIDE_CONNECTIONS, 1, 1000, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.execution_acquire_timeout",
							"Ignored.",
							"Accepted for compatibility: a step waits for its turn as long as it takes.",
							&execution_acquire_timeout, 30, 1, 3600, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_new_transaction_starts",
							"Maximum number of starts in a new transaction at the same time.",
							NULL,
							&pgd_max_new_transaction_starts, 2, 1, 1000, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.new_transaction_start_timeout",
							"Seconds that a start in a new transaction waits for its turn.",
							NULL,
							&pgd_new_transaction_start_timeout, 5, 1, 3600, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.list_instances_max_limit",
							"Maximum number of rows that df.list_instances returns.",
							NULL,
							&list_instances_max_limit, 1000, 1, 1000000, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.retention_days",
							"Number of days that finished workflows are kept.",
							"0 removes them at the next pass.",
							&retention_days, 30, 0, 36500, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.retention_instances",
							"Number of finished workflows that are kept, the newest ones.",
							"0 means no limit.",
							&retention_instances, 10000, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.reconcile_interval",
							"Seconds between two removals of finished workflows.",
							"0 never removes any.",
							&reconcile_interval, 3600, 0, 86400, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.min_loop_interval",
							"Minimum number of milliseconds from one iteration to the next of a loop that waits for nothing.",
							NULL,
							&min_loop_interval, 1000, 0, 86400000, PGC_SIGHUP, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_running_steps_per_role",
							"Maximum number of steps of one role that run SQL at the same time.",
							"0 means as many as there are connections. df.set_limit overrides it for a role.",
							&max_running_steps_per_role, 0, 0, 1000, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_instances_per_role",
							"Maximum number of unfinished instances of one role.",
							"0 means no limit. df.set_limit overrides it for a role.",
							&pgd_max_instances_per_role, 0, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_starts_per_second_per_role",
							"Maximum number of starts of one role within a second.",
							"0 means no limit. df.set_limit overrides it for a role.",
							&pgd_max_starts_per_second_per_role, 0, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_signals_per_instance",
							"Maximum number of signals that wait for one instance.",
							"0 means no limit. df.set_limit overrides it for a role.",
							&max_signals_per_instance, 10000, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_signal_bytes_per_instance",
							"Maximum total size in bytes of the signals that wait for one instance.",
							"0 means no limit. df.set_limit overrides it for a role.",
							&max_signal_bytes_per_instance, 256 * 1024 * 1024, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_call_depth",
							"Maximum depth to which workflows may call each other.",
							"0 means no limit. df.set_limit overrides it for a role.",
							&max_call_depth, 32, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.max_schedules_per_role",
							"Maximum number of schedules of one role.",
							"0 means no limit. df.set_limit overrides it for a role.",
							&max_schedules_per_role, 100000, 0, INT_MAX, PGC_SUSET, 0, NULL, NULL, NULL);

	pgd_require_valid_policy();
	DefineCustomEnumVariable("pg_durable.http_security",
							 "What HTTP steps may do at all.",
							 "disabled: nothing; restricted: call the hosts that the lists allow; unrestricted: call any host.",
							 &http_security, 1, pgd_http_securities, PGC_POSTMASTER, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);

	DefineCustomStringVariable("pg_durable.http_allowed_domains",
							   "Hosts that HTTP steps may call with https at public addresses.",
							   "Names and *.suffix, separated by commas.",
							   &http_allowed_domains, "", PGC_POSTMASTER, 0, pgd_check_domains, NULL, NULL);

	DefineCustomStringVariable("pg_durable.http_allowed_hosts",
							   "Hosts that HTTP steps may call.",
							   "Names and *.suffix, separated by commas; * allows all.",
							   &http_allowed_hosts, "", PGC_SIGHUP, 0, NULL, NULL, NULL);

	DefineCustomBoolVariable("pg_durable.http_allow_private_addresses",
							 "Allows HTTP steps to call private, local and other special addresses.",
							 NULL,
							 &http_allow_private_addresses, false, PGC_SIGHUP, 0, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.http_max_request_bytes",
							"Maximum size of a request that an HTTP step sends: URL, headers and body.",
							NULL,
							&http_max_request_bytes, 1024 * 1024, 0, 512 * 1024 * 1024, PGC_SIGHUP, GUC_UNIT_BYTE, NULL, NULL, NULL);

	DefineCustomIntVariable("pg_durable.http_max_response_bytes",
							"Maximum size of a response body that an HTTP step accepts.",
							NULL,
							&http_max_response_bytes, 16 * 1024 * 1024, 0, 512 * 1024 * 1024, PGC_SIGHUP, GUC_UNIT_BYTE, NULL, NULL, NULL);

	DefineCustomBoolVariable("pg_durable.worker",
							 "Starts a worker together with the server.",
							 NULL,
							 &pgd_worker, true, PGC_POSTMASTER, 0, NULL, NULL, NULL);

	MarkGUCPrefixReserved("pg_durable");
}

/* Called by PostgreSQL when it loads the module. */
void
_PG_init(void)
{
	/*
	 * If the module were loaded later, its settings and the sandbox would be missing in sessions that are already open. The hint is part of
	 * the message because many clients show only that.
	 */
	if (!process_shared_preload_libraries_in_progress)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("pg_durable must be loaded via shared_preload_libraries.\n\n"
						"HINT: Add 'pg_durable' to shared_preload_libraries in postgresql.conf and restart PostgreSQL.")));

	define_settings();
	if (max_duroxide_connections != DEFAULT_MAX_DUROXIDE_CONNECTIONS)
		ereport(LOG,
				(errmsg("pg_durable.max_duroxide_connections is ignored"),
				 errhint("pg_durable.max_user_connections sets how many steps run at the same time.")));
	pgd_install_session();
	pgd_install_identity();
	pgd_install_sandbox();
	pgd_install_refusals();
	pgd_install_plans();
	pgd_install_wake();
	pgd_register_launcher();
}
