/* refusals.c - the hooks through which the sandbox sees what a step does: statements that it refuses, and settings that the step changes */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/syscache.h"

#include "pg_durable.h"

static ProcessUtility_hook_type next_utility = NULL;
static object_access_hook_type next_access = NULL;
static needs_fmgr_hook_type next_needs_fmgr = NULL;
static fmgr_hook_type next_fmgr = NULL;

/* ---------------------------------------------------------------- refused statements */

/* Raises the error for a statement that a step may not contain. */
static void
refuse(const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s is not available in a workflow step", what),
			 errhint("%s", hint)));
}

/*
 * Transaction control. The worker's own COMMIT comes after the seal. Its ROLLBACK may come at any time: drivers send it as a simple query,
 * whereas steps are always sent with the extended protocol, whose portals are visible in pg_cursors.
 */
static void
check_transaction_statement(TransactionStmt *statement, ProcessUtilityContext context)
{
	if (context == PROCESS_UTILITY_TOPLEVEL)
	{
		/* COMMIT AND CHAIN too: the worker begins the next step's transaction with it. */
		if (statement->kind == TRANS_STMT_COMMIT && pgd_may_commit())
			return;
		if (statement->kind == TRANS_STMT_ROLLBACK && !statement->chain &&
			(pgd_may_commit() || (ActivePortal != NULL && !ActivePortal->visible)))
			return;
	}
	refuse("transaction control", "Each step is one transaction. Use several steps, or an EXCEPTION block in PL/pgSQL.");
}

/* Whether a statement runs a prepared statement somewhere inside. */
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

/* Settings: a clearer message than PostgreSQL's own refusal, which covers the forms that don't pass here (set_config). */
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
	else if (pg_strcasecmp(statement->name, "role") == 0 || pgd_is_locked_setting(statement->name))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("parameter \"%s\" cannot be changed in a workflow step", statement->name),
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
			 * Prepared statements: the worker's share the name space. "DEALLOCATE x; PREPARE x AS ..." would put the user's text where the
			 * worker executes its own, later, with its own rights.
			 */
		case T_PrepareStmt:
			refuse("PREPARE", "In PL/pgSQL, EXECUTE ... USING runs a statement with parameters.");
			break;
		case T_DeallocateStmt:
			refuse("DEALLOCATE", "The session's prepared statements do not belong to the step.");
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
			refuse("DISCARD", "Everything that a step leaves in its session is removed when it ends.");
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

/* ---------------------------------------------------------------- settings that change */

/* A RESET goes back to what a login of the role has, not to what the worker's connection has. */
static void
after_set_statement(VariableSetStmt *statement)
{
	if (statement->kind == VAR_SET_MULTI)
		return;
	pgd_note_changed_setting(statement->name);
	pgd_expire_plans();
	if (statement->kind == VAR_RESET_ALL)
		pgd_reapply_step_settings(NULL);
	else if (statement->kind == VAR_RESET || statement->kind == VAR_SET_DEFAULT)
		pgd_reapply_step_settings(statement->name);
}

/* The last function that set nothing that matters: df._commit_step, which ends every step. */
static Oid	harmless_function = InvalidOid;

/* A function has changed. */
void
pgd_forget_functions(void)
{
	harmless_function = InvalidOid;
}

/* Notes the settings that a function sets while it runs. Most functions set only search_path, which tells plans apart anyway. */
static void
note_settings_of(Oid function)
{
	HeapTuple	tuple;
	Datum		settings;
	bool		isnull;
	bool		is_harmless = true;

	if (function == harmless_function)
		return;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return;
	settings = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proconfig, &isnull);
	if (!isnull)
	{
		Datum	   *elements;
		int			n;

		deconstruct_array(DatumGetArrayTypeP(settings), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
		for (int i = 0; i < n; i++)
		{
			char	   *name = TextDatumGetCString(elements[i]);

			name[strcspn(name, "=")] = '\0';
			if (strcmp(name, "search_path") != 0)
			{
				pgd_note_changed_setting(name);
				is_harmless = false;
			}
		}
	}
	ReleaseSysCache(tuple);
	if (is_harmless)
		harmless_function = function;
}

/* ---------------------------------------------------------------- hooks */

/*
 * The next step's transaction, which the worker begins with COMMIT AND CHAIN, would inherit the isolation level and the access mode of this
 * one. They have served their purpose: the checkpoint is written, and the server checks serializable transactions by what they did.
 */
static void
before_commit(void)
{
	XactIsoLevel = XACT_READ_COMMITTED;
	XactReadOnly = false;
	XactDeferrable = false;
}

/* Sees every utility statement, including those inside functions and DO blocks. */
static void
at_utility(PlannedStmt *pstmt, const char *query_string, bool read_only_tree, ProcessUtilityContext context,
		   ParamListInfo params, QueryEnvironment *environment, DestReceiver *destination, QueryCompletion *completion)
{
	Node	   *statement = pstmt->utilityStmt;

	if (!IsA(statement, VariableShowStmt))
		pgd_require_ready_session();
	if (pgd_in_step())
		check_statement(statement, context);

	if (next_utility)
		next_utility(pstmt, query_string, read_only_tree, context, params, environment, destination, completion);
	else
		standard_ProcessUtility(pstmt, query_string, read_only_tree, context, params, environment, destination, completion);

	if (!pgd_in_step())
		return;
	if (IsA(statement, VariableSetStmt))
		after_set_statement((VariableSetStmt *) statement);
	else if (IsA(statement, TransactionStmt) && ((TransactionStmt *) statement)->kind == TRANS_STMT_COMMIT)
		before_commit();
}

/* Sees every execution of a function, however it is called. */
static void
at_access(ObjectAccessType access, Oid class, Oid object, int part, void *argument)
{
	if (access == OAT_FUNCTION_EXECUTE && class == ProcedureRelationId && pgd_in_step())
	{
		if (object == F_PG_PREPARED_STATEMENT)
			refuse("pg_prepared_statements", "The session's prepared statements belong to the worker and to other steps.");
		if (object == F_SET_CONFIG)
		{
			pgd_note_changed_setting(NULL);
			pgd_expire_plans();
		}
	}

	if (next_access)
		next_access(access, class, object, part, argument);
}

/* Our hook sees the functions that PostgreSQL shows it anyway: those with SECURITY DEFINER or with settings. */
static bool
needs_fmgr(Oid function)
{
	return next_needs_fmgr && next_needs_fmgr(function);
}

static void
at_function(FmgrHookEventType event, FmgrInfo *function, Datum *argument)
{
	if (event == FHET_START && pgd_in_step())
		note_settings_of(function->fn_oid);
	if (next_fmgr)
		next_fmgr(event, function, argument);
}

/* Called when the module is loaded, in the postmaster: every session inherits the hooks. */
void
pgd_install_refusals(void)
{
	next_utility = ProcessUtility_hook;
	ProcessUtility_hook = at_utility;
	next_access = object_access_hook;
	object_access_hook = at_access;
	next_needs_fmgr = needs_fmgr_hook;
	needs_fmgr_hook = needs_fmgr;
	next_fmgr = fmgr_hook;
	fmgr_hook = at_function;
}
