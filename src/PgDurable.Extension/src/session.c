/*
 * session.c - the worker's connections, which hold no power
 *
 * The worker logs in as a superuser, because that needs no line of its own in pg_hba.conf, and asks in the start-up packet to be less: with
 * the setting pg_durable.session, which only a superuser may set, and only there. While the session starts, before its first statement, it
 * gives its superuser's rights up for good and becomes
 *
 *   control           the role pgdurable_worker, which owns nothing and may only call functions of schema df, which check the caller
 *   steps:<secret>    the same, and df._enter lets one transaction after another run as the role that submitted a step (sandbox.c)
 *   role:<oid>        that role, as if it had logged in, for one statement: one of another database, or one that PostgreSQL runs only
 *                     outside transaction blocks
 *   block:<oid>       the same, for a transaction whose statements are the worker's own: a row that it writes into a table of the role's
 *
 * Nobody gets the superuser back: identity.c makes sure of that. Only the worker and this backend know the secret, which is never sent
 * again: see tokens.c.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "commands/dbcommands.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "parser/analyze.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "pg_durable.h"

/* What the setting asks for. */
typedef struct Request
{
	PgdSessionKind kind;
	Oid			role;			/* invalid: the worker's role does not exist yet */
	bool		is_block;		/* of a role: it runs several statements */
	uint8		secret[PGD_SECRET_LENGTH];
} Request;

static PgdSessionKind kind = PGD_NOT_OURS;

/* The one statement of a role's session, unless the session is for a block: its text and its position there. */
static bool is_block = false;
static char *only_text = NULL;
static int	only_location;

/* As in libpq/auth.h, which needs the headers of Kerberos. */
typedef void (*AuthenticationHook) (struct Port *port, int status);
extern PGDLLIMPORT AuthenticationHook ClientAuthentication_hook;

static AuthenticationHook next_authentication = NULL;
static post_parse_analyze_hook_type next_analyze = NULL;

PgdSessionKind
pgd_session_kind(void)
{
	return kind;
}

/* ---------------------------------------------------------------- pg_durable.session */

/* Reads an even number of hexadecimal digits. */
static bool
read_hex(const char *text, uint8 *target, int length)
{
	if (strlen(text) != 2 * length || strspn(text, "0123456789abcdef") != 2 * length)
		return false;
	for (int i = 0; i < 2 * length; i++)
	{
		int			digit = text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10;

		target[i / 2] = (uint8) (i % 2 == 0 ? digit << 4 : target[i / 2] | digit);
	}
	return true;
}

/* Parses the setting's value. */
static bool
read_request(const char *value, Request *request)
{
	memset(request, 0, sizeof(*request));
	if (strcmp(value, "control") == 0)
		request->kind = PGD_CONTROL;
	else if (strncmp(value, "steps:", 6) == 0 && read_hex(value + 6, request->secret, PGD_SECRET_LENGTH))
		request->kind = PGD_STEPS;
	else if (strncmp(value, "role:", 5) == 0 || strncmp(value, "block:", 6) == 0)
	{
		const char *role = strchr(value, ':') + 1;

		if (role[0] == '\0' || strspn(role, "0123456789") != strlen(role))
			return false;
		request->kind = PGD_OF_ROLE;
		request->role = (Oid) strtoul(role, NULL, 10);
		request->is_block = value[0] == 'b';
	}
	return request->kind != PGD_NOT_OURS;
}

/* Raises an error if the role can't have a session of its own in this database. */
static void
require_login(Oid role)
{
	char	   *name = pgd_admitted_role_name(role);

#if PG_VERSION_NUM >= 160000
	if (object_aclcheck(DatabaseRelationId, MyDatabaseId, role, ACL_CONNECT) != ACLCHECK_OK)
#else
	if (pg_database_aclcheck(MyDatabaseId, role, ACL_CONNECT) != ACLCHECK_OK)
#endif
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for database \"%s\"", get_database_name(MyDatabaseId)),
				 errdetail("Role \"%s\" does not have CONNECT privilege.", name)));
}

/* Check hook of pg_durable.session. Only a start-up packet may set it. */
bool
pgd_check_session(char **newval, void **extra, GucSource source)
{
	Request		request;

	/* Parallel workers get their leader's settings, and its user by other means. */
	if (**newval == '\0' || InitializingParallelWorker)
		return true;
	if (!read_request(*newval, &request))
	{
		GUC_check_errdetail("It must be \"control\", \"steps:\" with 64 hexadecimal digits, or \"role:\" or \"block:\" with an OID.");
		return false;
	}
	if (source != PGC_S_CLIENT || MyProcPort == NULL || !IsTransactionState() || !superuser())
	{
		GUC_check_errdetail("Only a superuser can set it, and only when opening a connection.");
		return false;
	}
	if (request.kind == PGD_OF_ROLE)
		require_login(request.role);
	else
		request.role = get_role_oid(PGD_WORKER_ROLE, true);
	if (request.kind != PGD_OF_ROLE && OidIsValid(request.role) && superuser_arg(request.role))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("role \"%s\" must not be a superuser", PGD_WORKER_ROLE),
				 errhint("Run ALTER ROLE %s NOSUPERUSER.", PGD_WORKER_ROLE)));

#if PG_VERSION_NUM >= 160000
	*extra = guc_malloc(ERROR, sizeof(Request));
#else
	*extra = malloc(sizeof(Request));
	if (*extra == NULL)
		return false;
#endif
	memcpy(*extra, &request, sizeof(Request));
	return true;
}

/* Assign hook: the session becomes what was asked for. */
void
pgd_assign_session(const char *newval, void *extra)
{
	const Request *request = extra;

	if (request == NULL || kind != PGD_NOT_OURS)
		return;
	kind = request->kind;
	is_block = request->is_block;
	if (kind == PGD_STEPS)
	{
		pgd_expect_tokens(request->secret);
		pgd_watch_plans();
	}
	if (!OidIsValid(request->role))
		return;

	pgd_settle_as(request->role);
}

/* Show hook: hides the secret. The worker can tell this value from that of a server without the module, which shows what it was given. */
const char *
pgd_show_session(void)
{
	switch (kind)
	{
		case PGD_CONTROL:
			return OidIsValid(pgd_home_role()) ? "control (restricted)" : "control (no role)";
		case PGD_STEPS:
			return "steps (restricted)";
		case PGD_OF_ROLE:
			return "role (restricted)";
		default:
			return "";
	}
}

/* ---------------------------------------------------------------- what such a session may run at all */

/* Refuses everything while the worker's role is missing, because the session then still has the superuser's rights. */
void
pgd_require_ready_session(void)
{
	if (kind != PGD_NOT_OURS && !OidIsValid(pgd_home_role()))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("role \"%s\" does not exist", PGD_WORKER_ROLE),
				 errhint("CREATE EXTENSION pg_durable creates it.")));
}

/*
 * Hook: sees every statement after its analysis. A statement comes from the client, and not from inside a function, if its text is that of
 * the message. If PostgreSQL takes a text for several statements, they have several positions in it.
 */
static void
at_analysis(ParseState *pstate, Query *query, JumbleState *jumble)
{
	if (kind != PGD_NOT_OURS && !(query->utilityStmt && IsA(query->utilityStmt, VariableShowStmt)))
		pgd_require_ready_session();
	if (kind == PGD_OF_ROLE && !is_block && pstate->p_sourcetext != NULL && pstate->p_sourcetext == debug_query_string)
	{
		if (only_text == NULL)
		{
			only_text = MemoryContextStrdup(TopMemoryContext, pstate->p_sourcetext);
			only_location = query->stmt_location;
		}
		else if (strcmp(only_text, pstate->p_sourcetext) != 0 || only_location != query->stmt_location)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("a session that pg_durable's worker opened for a role runs only one statement"),
					 errhint("Write one statement per step.")));
	}
	if (next_analyze)
		next_analyze(pstate, query, jumble);
}

/*
 * Hook: the client has proven who it is; next, PostgreSQL applies the start-up packet, and then the defaults of database and role. Only
 * here is it known what the server's configuration says, before the worker's own start-up options cover it.
 */
static void
at_authentication(struct Port *port, int status)
{
	if (next_authentication)
		next_authentication(port, status);
	if (status == STATUS_OK)
		pgd_remember_login_settings();
}

/* ---------------------------------------------------------------- function of schema df */

PG_FUNCTION_INFO_V1(pg_durable_require_worker);

/*
 * df._require_worker(): raises an error unless the caller is a control session of the worker, or a superuser who wants to look. Only the
 * worker's role may execute the worker's functions; this check holds even if somebody grants that role, or the functions. (The current user
 * is the owner of the function that asks.)
 */
Datum
pg_durable_require_worker(PG_FUNCTION_ARGS)
{
	if (kind != PGD_CONTROL && !(kind == PGD_NOT_OURS && superuser_arg(GetSessionUserId())))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only the worker may call this function of schema df")));
	PG_RETURN_VOID();
}

/* Called when the module is loaded, in the postmaster: every session inherits the hooks. */
void
pgd_install_session(void)
{
	next_authentication = ClientAuthentication_hook;
	ClientAuthentication_hook = at_authentication;
	next_analyze = post_parse_analyze_hook;
	post_parse_analyze_hook = at_analysis;
}
