/*
 * plans.c - kept plans mean what the statement means today
 *
 * The worker prepares the steps that recur. PostgreSQL replans such a statement if a table, a function, a type or an
 * operator that it uses changes. It does not notice
 *
 *   - names that were looked up once and are constants now: text search configurations and dictionaries, roles, collations, enum labels
 *   - objects created since that the names would find first: a table or function in an earlier schema, a better fitting function, a cast
 *   - results of functions that say IMMUTABLE and read tables all the same
 *   - settings under which constants were read, such as DateStyle, if a step has changed them
 *
 * In psql each statement is read afresh, so none of this can be seen there; and it must not be seen in a step. So in a session that runs
 * steps, any change to a catalog with names in it makes all plans stale. So do a plan that holds the result of a function that is not
 * PostgreSQL's own, and a step that changes a setting: what was planned is then used only in that transaction.
 *
 * Making a plan stale costs what preparing saves, and nothing else.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planner.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

#include "pg_durable.h"

static planner_hook_type next_planner = NULL;

static bool watches = false;	/* this session runs steps */
static bool expire = false;		/* at the next step */

/* Called by PostgreSQL when a row of a watched catalog has changed. */
static void
at_name_change(Datum arg, int cache, uint32 hash)
{
	ResetPlanCache();
	pgd_forget_functions();
}

/* Whether a function that does not belong to PostgreSQL itself is computed when the plan is made, if its arguments are known then. */
static bool
is_foreign_immutable(Oid function, void *context)
{
	return function >= FirstNormalObjectId && func_volatile(function) == PROVOLATILE_IMMUTABLE;
}

/* Whether the body of a function, with whatever it calls, may become part of the plan. */
static bool
is_foreign_sql(Oid function, void *context)
{
	HeapTuple	tuple;
	bool		is_sql;

	if (function < FirstNormalObjectId)
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	is_sql = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == SQLlanguageId;
	ReleaseSysCache(tuple);
	return is_sql;
}

/* Whether an expression contains anything that is not known when the plan is made. */
static bool
has_unknown(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var) || IsA(node, Param) || IsA(node, SubLink))
		return true;
	return expression_tree_walker(node, has_unknown, context);
}

/* Whether the plan of a query will hold the result of a function that is not PostgreSQL's own. */
static bool
will_hold_result(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (check_functions_in_node(node, is_foreign_sql, context) ||
		(check_functions_in_node(node, is_foreign_immutable, context) && !has_unknown(node, NULL)))
		return true;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, will_hold_result, context, 0);
	return expression_tree_walker(node, will_hold_result, context);
}

/* Hook: sees every query of the session before it is planned. */
static PlannedStmt *
watching_planner(Query *query, const char *text, int options, ParamListInfo params)
{
	if (watches && !expire)
		expire = will_hold_result((Node *) query, NULL);
	return next_planner ? next_planner(query, text, options, params) : standard_planner(query, text, options, params);
}

/* Watches this session's plans from now on. */
void
pgd_watch_plans(void)
{
	/* Leaves out those that PostgreSQL's plan cache itself watches closely enough: operators, schemas, foreign servers. */
	static const int caches[] = {RELOID, PROCOID, TYPEOID, TSCONFIGOID, TSCONFIGMAP, TSDICTOID, TSPARSEROID,
		AUTHOID, COLLOID, CASTSOURCETARGET, ENUMOID};

	if (watches)
		return;
	for (int i = 0; i < lengthof(caches); i++)
		CacheRegisterSyscacheCallback(caches[i], at_name_change, (Datum) 0);
	watches = true;
}

/* No plan of this session may be used beyond its transaction. */
void
pgd_expire_plans(void)
{
	expire = true;
}

/* Before a step: drops what earlier transactions planned and must not be used again. */
void
pgd_forget_plans(void)
{
	if (expire)
		ResetPlanCache();
	expire = false;
}

/* Called when the module is loaded, in the postmaster. */
void
pgd_install_plans(void)
{
	next_planner = planner_hook;
	planner_hook = watching_planner;
}
