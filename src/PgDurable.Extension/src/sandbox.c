/*
 * sandbox.c - runs a step as the role that submitted it, on a connection that belongs to the worker
 *
 * A step's transaction, as the worker sends it:
 *
 *   BEGIN; SELECT df._enter(role); <the user's statement>; SELECT df._commit_step(secret, ...); COMMIT
 *
 * From df._enter to the end of the transaction everything runs as the role, and PostgreSQL itself refuses to change it:
 * session_authorization is the role's (so session_user, current_user and is_superuser are), and
 * SECURITY_LOCAL_USERID_CHANGE makes SET ROLE and SET SESSION AUTHORIZATION errors, in whatever form they come.
 * There is no function that leaves the sandbox: one that exists could be called.
 *
 * df._commit_step is SECURITY DEFINER and the user may execute it (it is executed in the sandbox), so it needs a proof
 * that it is the worker who calls: df._in_sandbox, which compares a secret that df._open_session put into this
 * backend's memory. The same proof allows the COMMIT: a step whose text is COMMIT can't get rid of its checkpoint.
 *
 * States and what moves between them:
 *
 *   OUTSIDE --df._enter--> INSIDE --df._in_sandbox(right secret)--> SEALED --COMMIT: PRE_COMMIT--> LEAVING --> OUTSIDE
 *   any --abort--> OUTSIDE
 *
 * At PRE_COMMIT all user code has run (deferred triggers are the last of it). What then must not survive:
 *
 *   user, security context     set back at PRE_COMMIT; an abort does it by itself
 *   settings, also of SET      everything since df._enter is on a GUC nest level of its own, undone at PRE_COMMIT; by abort
 *   temporary objects          dropped at PRE_COMMIT; gone after an abort
 *   session advisory locks     released at COMMIT and ABORT
 *   sequence caches, setseed() reset at COMMIT and ABORT
 *   connections of dblink      closed by the next df._enter
 *   prepared statements, LISTEN, WITH HOLD cursors, loaded libraries    never made: refused by the utility hook
 *
 * Other steps' statements that the worker has prepared on this connection stay, and a step can't see them: the function behind
 * pg_prepared_statements is refused.
 *
 * A rollback to a savepoint (an EXCEPTION block) restores the user and context that it began with: the sandbox's.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_db_role_setting.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/bufmgr.h"
#include "storage/lock.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "common/pg_prng.h"

#include "pg_durable.h"

#define ERRCODE_DF_ROLE_GONE MAKE_SQLSTATE('D', 'F', '0', '1', '0')
#define ERRCODE_DF_SUPERUSER MAKE_SQLSTATE('D', 'F', '0', '1', '1')

#define SHORTEST_SECRET 16
#define LONGEST_SECRET 64

PG_FUNCTION_INFO_V1(pg_durable_open_session);
PG_FUNCTION_INFO_V1(pg_durable_enter);
PG_FUNCTION_INFO_V1(pg_durable_in_sandbox);

typedef enum SandboxState
{
	OUTSIDE,
	INSIDE,
	SEALED,
	LEAVING
} SandboxState;

static SandboxState state = OUTSIDE;
static int	guc_level;

static unsigned char secret[LONGEST_SECRET];
static int	secret_length = 0;

static ProcessUtility_hook_type next_utility = NULL;
static object_access_hook_type next_access = NULL;

/*
 * What a step may not change because the worker's own statements in the same transaction depend on it: the encoding
 * of the protocol, the right to write the checkpoint, and a setting that would copy the worker's parameters (the
 * secret is one) into error messages. While a step runs they carry the flag that session_authorization and role carry
 * always.
 */
static const char *const locked_names[] = {
	"client_encoding",
	"log_parameter_max_length_on_error",
	"transaction_deferrable",
	"transaction_isolation",
	"transaction_read_only",
};

#define LOCK_FLAGS (GUC_NOT_WHILE_SEC_REST | GUC_NO_RESET_ALL)

static struct config_generic *locked[lengthof(locked_names)];
static int	unlocked_flags[lengthof(locked_names)];
static bool is_locked = false;

/* What every step starts with, whatever the defaults of role and database say, so that results look the same everywhere. */
static const struct
{
	const char *name;
	const char *value;
}			pinned[] =
{
	{"DateStyle", "ISO, MDY"},
	{"IntervalStyle", "postgres"},
	{"TimeZone", "UTC"},
	{"bytea_output", "hex"},
	{"extra_float_digits", "1"},
	{"log_parameter_max_length", "0"},
	{"log_parameter_max_length_on_error", "0"},
	{"standard_conforming_strings", "on"},
	{"df.in_workflow", "true"},
};

/* ---------------------------------------------------------------- settings */

/* The server's record of a setting that it certainly has. */
static struct config_generic *
find_setting(const char *name)
{
#if PG_VERSION_NUM >= 160000
	return find_option(name, false, false, ERROR);
#else
	struct config_generic **all = get_guc_variables();

	for (int i = 0; i < GetNumConfigOptions(); i++)
		if (pg_strcasecmp(all[i]->name, name) == 0)
			return all[i];
	elog(ERROR, "unrecognized configuration parameter \"%s\"", name);
	return NULL;
#endif
}

/* Makes the locked settings unchangeable for the user. */
static void
lock_settings(void)
{
	for (int i = 0; i < lengthof(locked); i++)
	{
		if (locked[i] == NULL)
			locked[i] = find_setting(locked_names[i]);
		unlocked_flags[i] = locked[i]->flags;
		locked[i]->flags |= LOCK_FLAGS;
	}
	is_locked = true;
}

/* Takes back what lock_settings did. Must not fail: it runs during aborts. */
static void
unlock_settings(void)
{
	if (!is_locked)
		return;
	for (int i = 0; i < lengthof(locked); i++)
		locked[i]->flags = unlocked_flags[i];
	is_locked = false;
}

/* Whether a default of role or database must be left out: it would change who we are, or is locked. */
static bool
is_locked_name(const char *name)
{
	if (pg_strcasecmp(name, "session_authorization") == 0)
		return true;
	for (int i = 0; i < lengthof(locked_names); i++)
		if (pg_strcasecmp(name, locked_names[i]) == 0)
			return true;
	return false;
}

/*
 * Applies what ALTER ROLE or ALTER DATABASE ... SET stored for one pair, as a login would. A value that is no longer valid
 * is a warning, as it is there.
 *
 * ApplySetting() of PostgreSQL can't be used: it would apply session_authorization too. A role may store any value for
 * that one, because at a login PostgreSQL checks it against the role that logged in; here that is the worker.
 */
static void
apply_defaults_of(Relation catalog, Oid database, Oid role)
{
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(database));
	ScanKeyInit(&keys[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(role));
	scan = systable_beginscan(catalog, DbRoleSettingDatidRolidIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		settings = heap_getattr(tuple, Anum_pg_db_role_setting_setconfig, RelationGetDescr(catalog), &isnull);
		Datum	   *elements;
		bool	   *nulls;
		int			n;

		if (isnull)
			continue;
		deconstruct_array(DatumGetArrayTypeP(settings), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
		for (int i = 0; i < n; i++)
		{
			char	   *name;
			char	   *value;

			if (nulls[i])
				continue;
			name = TextDatumGetCString(elements[i]);
			value = strchr(name, '=');
			if (value == NULL)
				continue;
			*value++ = '\0';
			if (!is_locked_name(name))
				(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SET, true, WARNING, false);
		}
	}
	systable_endscan(scan);
}

/* Defaults of databases and roles, the strongest last. */
static void
apply_defaults(Oid role)
{
	Relation	catalog = table_open(DbRoleSettingRelationId, AccessShareLock);

	/* Most clusters have none at all, and four look-ups would be a third of what entering costs. */
	if (RelationGetNumberOfBlocks(catalog) > 0)
	{
		apply_defaults_of(catalog, InvalidOid, InvalidOid);
		apply_defaults_of(catalog, MyDatabaseId, InvalidOid);
		apply_defaults_of(catalog, InvalidOid, role);
		apply_defaults_of(catalog, MyDatabaseId, role);
	}
	table_close(catalog, AccessShareLock);
}

/* Gives a step the settings that all steps have. */
static void
apply_pins(void)
{
	for (int i = 0; i < lengthof(pinned); i++)
	{
		const char *current = GetConfigOption(pinned[i].name, true, false);

		/* Usually the connection has the value already, and setting it costs more than looking. */
		if (current == NULL || strcmp(current, pinned[i].value) != 0)
			(void) set_config_option(pinned[i].name, pinned[i].value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SET, true, ERROR, false);
	}
}

/* ---------------------------------------------------------------- what a step leaves behind */

/*
 * Drops the temporary objects of the step. Later steps of other roles share the session's temporary schema: a trigger or a
 * function found there would run with their rights.
 */
static void
drop_temporary_objects(void)
{
	if ((MyXactFlags & XACT_FLAGS_ACCESSEDTEMPNAMESPACE) == 0)
		return;
	PushActiveSnapshot(GetTransactionSnapshot());
	ResetTempTableNamespace();
	PopActiveSnapshot();
}

/* Calls a C function of another module with no or one argument, without a catalog entry. NULL results are 0. */
static Datum
call_loaded(PGFunction function, int nargs, Datum argument)
{
	LOCAL_FCINFO(call, 1);
	Datum		result;

	InitFunctionCallInfoData(*call, NULL, nargs, InvalidOid, NULL, NULL);
	call->args[0].value = argument;
	call->args[0].isnull = false;
	result = function(call);
	return call->isnull ? (Datum) 0 : result;
}

/* Path of the dblink module if this session has loaded it, else NULL. Looks again only when a library was loaded. */
static const char *
loaded_dblink(void)
{
	static Size seen = 0;
	static char *path = NULL;
	Size		size = EstimateLibraryStateSpace();

	if (size != seen && path == NULL)
	{
		char	   *names = palloc(size);

		SerializeLibraryState(size, names);
		for (char *name = names; *name != '\0'; name += strlen(name) + 1)
		{
			const char *file = last_dir_separator(name);

			file = file ? file + 1 : name;
			if (strncmp(file, "dblink.", 7) == 0 || strcmp(file, "dblink") == 0)
				path = MemoryContextStrdup(TopMemoryContext, name);
		}
		pfree(names);
	}
	seen = size;
	return path;
}

/*
 * Closes the connections that earlier steps opened with dblink. They belong to the session and not to the role that gave the
 * password, so the next role could use them. (Not at the end of the step, because an abort is no place for it.)
 */
static void
close_dblink_connections(void)
{
	const char *path = loaded_dblink();
	PGFunction	get_connections;
	PGFunction	disconnect;
	Datum		names;
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	if (path == NULL)
		return;
	get_connections = (PGFunction) load_external_function(path, "dblink_get_connections", true, NULL);
	disconnect = (PGFunction) load_external_function(path, "dblink_disconnect", true, NULL);

	names = call_loaded(get_connections, 0, (Datum) 0);
	if (names != (Datum) 0)
	{
		Datum	   *elements;
		int			n;

		deconstruct_array(DatumGetArrayTypeP(names), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
		for (int i = 0; i < n; i++)
			call_loaded(disconnect, 1, elements[i]);
	}

	/* The one without a name: whether there is one shows only by trying. */
	BeginInternalSubTransaction(NULL);
	PG_TRY();
	{
		call_loaded(disconnect, 0, (Datum) 0);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
}

/* Session state that a transaction's end does not touch. Runs during commits and aborts: must not fail. */
static void
forget_step(void)
{
	LockReleaseSession(USER_LOCKMETHOD);
	/* lastval() and currval() */
	ResetSequenceCaches();
	/* After setseed() the next role's random() would be predictable. */
	DirectFunctionCall1(setseed, Float8GetDatum(pg_prng_double(&pg_global_prng_state)));
}

/* ---------------------------------------------------------------- the transaction's end */

/* Leaves the sandbox. The only place that does, but for PostgreSQL's own abort. */
static void
leave_at_pre_commit(void)
{
	Oid			user;
	int			context;

	if (state != SEALED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg("the transaction of a workflow's step cannot commit without its checkpoint")));

	drop_temporary_objects();

	/* Before the settings: session_authorization must not change while the flag is on (PostgreSQL asserts that). */
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(user, context & ~SECURITY_LOCAL_USERID_CHANGE);
	AtEOXact_GUC(false, guc_level);
	unlock_settings();
	state = LEAVING;
}

/* Called by PostgreSQL at every end of a transaction. */
static void
at_transaction_end(XactEvent event, void *arg)
{
	if (state == OUTSIDE)
		return;

	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
			leave_at_pre_commit();
			break;
		case XACT_EVENT_PRE_PREPARE:
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("the transaction of a workflow's step cannot be prepared")));
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
			state = OUTSIDE;
			unlock_settings();
			forget_step();
			break;
		default:
			break;
	}
}

/* ---------------------------------------------------------------- refused statements */

/* Raises the error for a statement that a step may not contain. */
static void
refuse(const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s is not available in a workflow's step", what),
			 errhint("%s", hint)));
}

/*
 * Transaction control. The worker's own COMMIT comes after the seal. Its ROLLBACK may come at any time: drivers send it
 * as a simple query, and steps are always sent by the extended protocol, whose portals are visible in pg_cursors.
 */
static void
check_transaction_statement(TransactionStmt *statement, ProcessUtilityContext context)
{
	if (context == PROCESS_UTILITY_TOPLEVEL)
	{
		/* COMMIT AND CHAIN too: the worker begins the next step's transaction with it. */
		if (statement->kind == TRANS_STMT_COMMIT && state == SEALED)
			return;
		if (statement->kind == TRANS_STMT_ROLLBACK && !statement->chain &&
			(state == SEALED || (ActivePortal != NULL && !ActivePortal->visible)))
			return;
	}
	refuse("transaction control", "Each step is one transaction. Use several steps, or an EXCEPTION block in PL/pgSQL.");
}

/* Whether a statement runs a prepared one somewhere inside. */
static bool
executes_prepared(Node *statement)
{
	if (statement == NULL)
		return false;
	if (IsA(statement, Query))
		return executes_prepared(((Query *) statement)->utilityStmt);
	if (IsA(statement, CreateTableAsStmt))
		return executes_prepared(((CreateTableAsStmt *) statement)->query);
	if (IsA(statement, ExplainStmt))
		return executes_prepared(((ExplainStmt *) statement)->query);
	return IsA(statement, ExecuteStmt);
}

/* Settings: clearer words than PostgreSQL's own refusal, which comes for the forms that don't pass here (set_config). */
static void
check_set_statement(VariableSetStmt *statement)
{
	if (statement->kind == VAR_SET_MULTI)
	{
		if (strcmp(statement->name, "TRANSACTION") == 0)
			refuse("SET TRANSACTION", "The transaction also holds the step's checkpoint.");
	}
	else if (statement->name == NULL)
		return;					/* RESET ALL */
	else if (pg_strcasecmp(statement->name, "role") == 0 || is_locked_name(statement->name))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("parameter \"%s\" cannot be changed in a workflow's step", statement->name),
				 errhint("A step runs as the role that started the workflow, from beginning to end.")));
}

/* Refuses the statements that would reach beyond the step or into the worker's session. */
static void
check_statement(Node *statement, ProcessUtilityContext context)
{
	switch (nodeTag(statement))
	{
		case T_TransactionStmt:
			check_transaction_statement((TransactionStmt *) statement, context);
			break;

			/*
			 * Prepared statements: the worker's have the same name space. "DEALLOCATE x; PREPARE x AS ..." would put the
			 * user's text where the worker executes its own, later, with its own rights.
			 */
		case T_PrepareStmt:
			refuse("PREPARE", "In PL/pgSQL, EXECUTE ... USING runs a statement with parameters.");
			break;
		case T_DeallocateStmt:
			refuse("DEALLOCATE", "Prepared statements of the session are not the step's.");
			break;
		case T_ExecuteStmt:
		case T_ExplainStmt:
		case T_CreateTableAsStmt:
			if (executes_prepared(statement))
				refuse("EXECUTE", "Write the statement itself.");
			break;

		case T_ListenStmt:
			refuse("LISTEN", "Notifications would reach the worker. Use df.wait_for_signal to wait for something.");
			break;
		case T_UnlistenStmt:
			refuse("UNLISTEN", "A step has nothing to unlisten.");
			break;
		case T_DiscardStmt:
			refuse("DISCARD", "Everything that a step leaves in its session is removed at its end.");
			break;
		case T_LoadStmt:
			refuse("LOAD", "Libraries stay in the session; use session_preload_libraries.");
			break;
		case T_DeclareCursorStmt:
			if (((DeclareCursorStmt *) statement)->options & CURSOR_OPT_HOLD)
				refuse("DECLARE ... WITH HOLD", "A cursor ends with its step; keep the rows in a table.");
			break;
		case T_CopyStmt:
			if (((CopyStmt *) statement)->filename == NULL)
				refuse("COPY FROM STDIN or TO STDOUT", "There is no client at the other end. Use INSERT or SELECT.");
			break;
		case T_VariableSetStmt:
			check_set_statement((VariableSetStmt *) statement);
			break;
		default:
			break;
	}
}

/* Hook: sees every utility statement, also those inside functions and DO blocks. */
static void
sandbox_utility(PlannedStmt *pstmt, const char *query_string, bool read_only_tree, ProcessUtilityContext context,
				ParamListInfo params, QueryEnvironment *environment, DestReceiver *destination, QueryCompletion *completion)
{
	if (state == INSIDE || state == SEALED)
	{
		check_statement(pstmt->utilityStmt, context);
		if (IsA(pstmt->utilityStmt, VariableSetStmt))
			pgd_expire_plans();
	}

	if (next_utility)
		next_utility(pstmt, query_string, read_only_tree, context, params, environment, destination, completion);
	else
		standard_ProcessUtility(pstmt, query_string, read_only_tree, context, params, environment, destination, completion);
}

/* Hook: sees every execution of a function, by whatever way it is called. */
static void
sandbox_access(ObjectAccessType access, Oid class, Oid object, int part, void *argument)
{
	if (access == OAT_FUNCTION_EXECUTE && object == F_PG_PREPARED_STATEMENT && class == ProcedureRelationId && (state == INSIDE || state == SEALED))
		refuse("pg_prepared_statements", "The session's statements are those of the worker and of other steps.");

	if (access == OAT_FUNCTION_EXECUTE && object == F_SET_CONFIG && state == INSIDE)
		pgd_expire_plans();

	if (next_access)
		next_access(access, class, object, part, argument);
}

/* ---------------------------------------------------------------- functions of schema df */

/* Compares without stopping at the first difference, so that the time taken says nothing about the secret. */
static bool
is_secret(bytea *candidate)
{
	int			length = VARSIZE_ANY_EXHDR(candidate);
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(candidate);
	unsigned char difference = 0;

	if (secret_length == 0 || length != secret_length)
		return false;
	for (int i = 0; i < length; i++)
		difference |= bytes[i] ^ secret[i];
	return difference == 0;
}

/* Refuses callers that are not the worker itself. REVOKE does so already; this holds when somebody grants too much. */
static void
require_worker(const char *function)
{
	if (state != OUTSIDE || InLocalUserIdChange() || InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("%s cannot be called from inside a step or a function", function)));
	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function %s", function),
				 errhint("Only the worker, which connects as a superuser, calls it.")));
}

/* df._open_session(secret): what makes this connection one that runs steps. */
Datum
pg_durable_open_session(PG_FUNCTION_ARGS)
{
	bytea	   *argument = PG_GETARG_BYTEA_PP(0);
	int			length = VARSIZE_ANY_EXHDR(argument);

	require_worker("df._open_session");
	if (length < SHORTEST_SECRET || length > LONGEST_SECRET)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the secret of a session must have %d to %d bytes", SHORTEST_SECRET, LONGEST_SECRET)));
	if (secret_length != 0 && !is_secret(argument))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("this session has a secret already"),
				 errhint("Open a new connection.")));

	memcpy(secret, VARDATA_ANY(argument), length);
	secret_length = length;
	pgd_watch_plans();
	PG_RETURN_VOID();
}

/* Name of the role, if steps may run as it. */
static char *
admitted_role_name(Oid role)
{
	HeapTuple	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
	char	   *name;
	bool		is_super;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_DF_ROLE_GONE),
				 errmsg("the role that started this workflow does not exist any more (OID %u)", role),
				 errhint("Start the workflow again as another role.")));
	name = pstrdup(NameStr(((Form_pg_authid) GETSTRUCT(tuple))->rolname));
	is_super = ((Form_pg_authid) GETSTRUCT(tuple))->rolsuper;
	ReleaseSysCache(tuple);

	if (is_super && !pgd_enable_superuser_instances)
		ereport(ERROR,
				(errcode(ERRCODE_DF_SUPERUSER),
				 errmsg("role \"%s\" is a superuser, but pg_durable.enable_superuser_instances is off", name),
				 errhint("Start the workflow as a role that has only the rights it needs, or turn the setting on and restart the server.")));
	return name;
}

/* df._enter(role): the rest of the transaction runs as the role. */
Datum
pg_durable_enter(PG_FUNCTION_ARGS)
{
	Oid			role = PG_GETARG_OID(0);
	char	   *name;
	int			context;
	Oid			user;

	require_worker("df._enter");
	if (secret_length == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("df._enter needs a session that df._open_session has opened")));
	if (!IsTransactionBlock() || GetCurrentTransactionNestLevel() != 1)
		ereport(ERROR,
				(errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
				 errmsg("df._enter must be called in a transaction block, outside of savepoints")));
	if (pg_get_client_encoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("df._enter needs client_encoding UTF8")));
	name = admitted_role_name(role);
	close_dblink_connections();
	pgd_forget_plans();

	guc_level = NewGUCNestLevel();
	if (guc_level != 2)
	{
		/* Inside a function with a SET clause: PostgreSQL would undo our level when that function returns. */
		AtEOXact_GUC(false, guc_level);
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("df._enter must be called by a statement of its own")));
	}

	/*
	 * From here an error aborts the transaction and with it everything below. Identity first: defaults are checked against
	 * the role that they are for.
	 */
	state = INSIDE;
	(void) set_config_option("session_authorization", name, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, ERROR, false);
	if (GetSessionUserId() != role)
		ereport(ERROR,
				(errcode(ERRCODE_DF_ROLE_GONE),
				 errmsg("role \"%s\" was renamed while a step began", name),
				 errhint("Try again.")));
	apply_defaults(role);
	apply_pins();

	/* ALTER ROLE ... SET role may have made us somebody else, as it does at a login. */
	if (GetUserId() != role)
		(void) admitted_role_name(GetUserId());

	lock_settings();
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(user, context | SECURITY_LOCAL_USERID_CHANGE);
	PG_RETURN_VOID();
}

/* Whether the worker is calling, from inside a step. If so, the step's transaction may commit. */
bool
pgd_seal(bytea *candidate)
{
	if ((state != INSIDE && state != SEALED) || !is_secret(candidate))
		return false;
	state = SEALED;
	return true;
}

/* df._in_sandbox(secret): the same, for SQL. */
Datum
pg_durable_in_sandbox(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(pgd_seal(PG_GETARG_BYTEA_PP(0)));
}

/* Called when the module is loaded, in the postmaster: every session inherits the hooks. */
void
pgd_install_sandbox(void)
{
	next_utility = ProcessUtility_hook;
	ProcessUtility_hook = sandbox_utility;
	next_access = object_access_hook;
	object_access_hook = sandbox_access;
	RegisterXactCallback(at_transaction_end, NULL);
}
