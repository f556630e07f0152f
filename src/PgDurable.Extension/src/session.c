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
 * Nobody gets the superuser back. The session's role is also the default of session_authorization, so that RESET and DISCARD lead to it;
 * the check hooks of session_authorization and role refuse every other way, in every state of the session; and if there is one all the
 * same, the assign hook ends the session. That is one wall. The other one is the sandbox, in which PostgreSQL itself refuses to change the
 * user.
 *
 * Only the worker and this backend know the secret. It is never sent again: what proves that the worker calls is a token, which is good for
 * one call. So whatever a step makes the server log, it logs only tokens that have been used.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_database.h"
#include "commands/dbcommands.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "parser/analyze.h"
#include "port/pg_bswap.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "pg_durable.h"

#define SECRET_LENGTH 32

/*
 * A token: a number that only grows, and a proof, which only those who know the secret can compute. Four consecutive numbers have the four
 * quarters of one digest, SHA-512(secret, number / 4): a digest for each token would cost a step as much as entering its role does.
 */
#define TOKEN_NUMBER_LENGTH 8
#define TOKEN_PROOF_LENGTH 16
#define TOKENS_OF_A_DIGEST (PG_SHA512_DIGEST_LENGTH / TOKEN_PROOF_LENGTH)
#define TOKEN_LENGTH (TOKEN_NUMBER_LENGTH + TOKEN_PROOF_LENGTH)

/* What the setting asks for. */
typedef struct Request
{
	PgdSessionKind kind;
	Oid			role;			/* invalid: the worker's role does not exist yet */
	bool		is_block;		/* of a role: it runs several statements */
	uint8		secret[SECRET_LENGTH];
} Request;

static PgdSessionKind kind = PGD_NOT_OURS;
static Oid	home_role = InvalidOid;
static bool is_switching = false;
static uint8 secret[SECRET_LENGTH];
static uint64 last_token = 0;

/* The one statement of a role's session, unless the session is for a block: its text and its position there. */
static bool is_block = false;
static char *only_text = NULL;
static int	only_location;

/* As in libpq/auth.h, which needs the headers of Kerberos. */
typedef void (*AuthenticationHook) (struct Port *port, int status);
extern PGDLLIMPORT AuthenticationHook ClientAuthentication_hook;

static AuthenticationHook next_authentication = NULL;
static post_parse_analyze_hook_type next_analyze = NULL;
static GucStringCheckHook next_check_session_authorization;
static GucStringAssignHook next_assign_session_authorization;
static GucStringCheckHook next_check_role;

PgdSessionKind
pgd_session_kind(void)
{
	return kind;
}

/* The session's role between steps. */
Oid
pgd_home_role(void)
{
	return home_role;
}

/* Name of the role, if steps may run as it. */
char *
pgd_admitted_role_name(Oid role)
{
	HeapTuple	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
	char	   *name;
	bool		is_super;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_DF_ROLE_GONE),
				 errmsg("the role that started this workflow no longer exists (OID %u)", role),
				 errhint("Start the workflow again as another role.")));
	name = pstrdup(NameStr(((Form_pg_authid) GETSTRUCT(tuple))->rolname));
	is_super = ((Form_pg_authid) GETSTRUCT(tuple))->rolsuper;
	ReleaseSysCache(tuple);

	if (is_super && !pgd_enable_superuser_instances)
		ereport(ERROR,
				(errcode(ERRCODE_DF_SUPERUSER),
				 errmsg("role \"%s\" is a superuser, but pg_durable.enable_superuser_instances is off", name),
				 errhint("Start the workflow as a role that has only the rights it needs, or turn the setting on and restart the "
						 "server.")));
	return name;
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
	else if (strncmp(value, "steps:", 6) == 0 && read_hex(value + 6, request->secret, SECRET_LENGTH))
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
	memcpy(secret, request->secret, SECRET_LENGTH);
	if (kind == PGD_STEPS)
		pgd_watch_plans();
	if (!OidIsValid(request->role))
		return;

	home_role = request->role;
	/* As the default, to which RESET leads, and not as a value that could be reset. */
	is_switching = true;
	SetConfigOption("session_authorization", GetUserNameFromId(home_role, false), PGC_SUSET, PGC_S_OVERRIDE);
	is_switching = false;
	if (GetSessionUserId() != home_role || GetUserId() != home_role)
		ereport(FATAL, (errmsg("the session could not give up the rights of its user")));
}

/* Show hook: hides the secret. The worker can tell this value from that of a server without the module, which shows what it was given. */
const char *
pgd_show_session(void)
{
	switch (kind)
	{
		case PGD_CONTROL:
			return OidIsValid(home_role) ? "control (restricted)" : "control (no role)";
		case PGD_STEPS:
			return "steps (restricted)";
		case PGD_OF_ROLE:
			return "role (restricted)";
		default:
			return "";
	}
}

/* ---------------------------------------------------------------- the user stays the same */

/* Makes the role with that name the session's user until the transaction ends. Only df._enter does this, and PostgreSQL sets it back. */
void
pgd_switch_user(const char *name)
{
	is_switching = true;
	PG_TRY();
	{
		(void) set_config_option("session_authorization", name, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, ERROR, false);
	}
	PG_FINALLY();
	{
		is_switching = false;
	}
	PG_END_TRY();
}

/* Raises the error for an attempt to become somebody else. */
static bool
refuse_identity(const char *name)
{
	GUC_check_errcode(ERRCODE_INSUFFICIENT_PRIVILEGE);
	GUC_check_errmsg("parameter \"%s\" cannot be changed in a session of pg_durable's worker", name);
	GUC_check_errhint("A step runs as the role that started the workflow, from beginning to end.");
	return false;
}

/* Whether this value is only checked, for ALTER ROLE ... SET, or is the session's own. */
static bool
is_harmless(GucSource source)
{
	return !OidIsValid(home_role) || is_switching || source == PGC_S_TEST;
}

static bool
check_session_authorization(char **newval, void **extra, GucSource source)
{
	if (next_check_session_authorization && !next_check_session_authorization(newval, extra, source))
		return false;
	return is_harmless(source) || refuse_identity("session_authorization");
}

/*
 * What a role's own defaults say counts, as at a login: for a step, df._enter applies them before it closes the sandbox, in which
 * PostgreSQL refuses all others.
 */
static bool
check_role_setting(char **newval, void **extra, GucSource source)
{
	if (next_check_role && !next_check_role(newval, extra, source))
		return false;
	return is_harmless(source) || strcmp(*newval, "none") == 0 || (kind == PGD_OF_ROLE && source < PGC_S_CLIENT) ||
		(pgd_in_step() && !InLocalUserIdChange()) || refuse_identity("role");
}

/* The last wall: no session of the worker ever has anybody else as its user. */
static void
assign_session_authorization(const char *newval, void *extra)
{
	if (next_assign_session_authorization)
		next_assign_session_authorization(newval, extra);
	if (OidIsValid(home_role) && GetSessionUserId() != home_role && GetSessionUserId() != pgd_entered_role())
		ereport(FATAL,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("a session of pg_durable's worker became a role that it must never have")));
}

/* ---------------------------------------------------------------- what such a session may run at all */

/* Refuses everything while the worker's role is missing, because the session then still has the superuser's rights. */
void
pgd_require_ready_session(void)
{
	if (kind != PGD_NOT_OURS && !OidIsValid(home_role))
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

/* ---------------------------------------------------------------- tokens */

/* The proof that belongs to a number. */
static const uint8 *
proof_of(uint64 number)
{
	static uint8 digest[PG_SHA512_DIGEST_LENGTH];
	static uint64 digest_number = PG_UINT64_MAX;
	uint64		wanted = number / TOKENS_OF_A_DIGEST;

	if (wanted != digest_number)
	{
		uint64		sent = pg_hton64(wanted);
		pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA512);

		digest_number = PG_UINT64_MAX;
		if (hash == NULL || pg_cryptohash_init(hash) < 0 ||
			pg_cryptohash_update(hash, secret, SECRET_LENGTH) < 0 ||
			pg_cryptohash_update(hash, (const uint8 *) &sent, sizeof(sent)) < 0 ||
			pg_cryptohash_final(hash, digest, sizeof(digest)) < 0)
			elog(ERROR, "could not compute SHA-512: %s", pg_cryptohash_error(hash));
		pg_cryptohash_free(hash);
		digest_number = wanted;
	}
	return digest + number % TOKENS_OF_A_DIGEST * TOKEN_PROOF_LENGTH;
}

/* Whether the token is the worker's and was not used before. If so, it is used now, whatever becomes of the caller. */
bool
pgd_take_token(bytea *token)
{
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(token);
	const uint8 *proof;
	uint8		difference = 0;
	uint64		number;

	if (kind != PGD_STEPS || VARSIZE_ANY_EXHDR(token) != TOKEN_LENGTH)
		return false;
	memcpy(&number, bytes, sizeof(number));
	number = pg_ntoh64(number);
	if (number <= last_token)
		return false;

	/* Does not stop at the first difference, so that the time taken says nothing about the proof. */
	proof = proof_of(number);
	for (int i = 0; i < TOKEN_PROOF_LENGTH; i++)
		difference |= bytes[TOKEN_NUMBER_LENGTH + i] ^ proof[i];
	if (difference != 0)
		return false;
	last_token = number;
	return true;
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
	struct config_string *authorization = (struct config_string *) pgd_find_setting("session_authorization");
	struct config_string *role = (struct config_string *) pgd_find_setting("role");

	next_check_session_authorization = authorization->check_hook;
	authorization->check_hook = check_session_authorization;
	next_assign_session_authorization = authorization->assign_hook;
	authorization->assign_hook = assign_session_authorization;
	next_check_role = role->check_hook;
	role->check_hook = check_role_setting;

	next_authentication = ClientAuthentication_hook;
	ClientAuthentication_hook = at_authentication;
	next_analyze = post_parse_analyze_hook;
	post_parse_analyze_hook = at_analysis;
}
