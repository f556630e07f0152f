/*
 * leftovers.c - what a step leaves in its session is removed, or else the session goes to no other role
 *
 *   settings, also of SET      sandbox.c: everything since df._enter is on its own GUC nest level
 *   temporary objects          dropped before the commit; gone after an abort
 *   session advisory locks     released at COMMIT and ABORT
 *   sequence caches, setseed() reset at COMMIT and ABORT
 *   connections of dblink      closed by the next df._enter
 *   plans                      those made while a role had changed settings are dropped before another role's step
 *   settings it has made up    can't be removed: the session runs steps of the same role only
 *   plperl, plpython, pltcl    keep variables of the session: likewise
 *   replication slots          likewise: only roles with REPLICATION create them
 *   prepared statements, LISTEN, WITH HOLD cursors, loaded libraries    never created: the utility hook refuses them (refusals.c)
 *
 * Other steps' statements that the worker has prepared on this connection stay, but a step can't see them: the function behind
 * pg_prepared_statements is refused.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "common/pg_prng.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "pg_durable.h"

/* More made-up settings than this in one session are too many even for the role itself. */
#define MOST_PLACEHOLDERS 100

/* The role of the last step, and whether any of its steps in this session changed a setting, which plans may reflect. */
static Oid	last_role = InvalidOid;
static bool changed_setting = false;

/* The number of settings that it made up, and whether there may be more since they were counted. */
static int	placeholders = 0;
static bool uncounted = true;

/* Something is left that can't be removed. */
static bool is_used_up = false;

/* A step sets something, in whatever way; NULL means an unknown name. */
void
pgd_note_changed_setting(const char *name)
{
	changed_setting = true;
	if (name == NULL || strchr(name, '.') != NULL)
		uncounted = true;
}

/* ---------------------------------------------------------------- temporary objects */

/* Whether a schema contains anything. */
static bool
has_objects(Oid schema)
{
	Relation	depend = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	bool		found;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(NamespaceRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(schema));
	scan = systable_beginscan(depend, DependReferenceIndexId, true, NULL, 2, keys);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
	return found;
}

/*
 * Drops the temporary objects of the step: a trigger, a function or a type found there would run with the rights of later steps of other
 * roles. Looks at the schema itself and not at any flag of PostgreSQL's: naming pg_temp_N, which is this session's schema, sets none.
 */
void
pgd_drop_temporary_objects(void)
{
	Oid			schema;
	Oid			toast_schema;

	GetTempNamespaceState(&schema, &toast_schema);
	if (!OidIsValid(schema))
		return;
	PushActiveSnapshot(GetTransactionSnapshot());
	if (has_objects(schema))
	{
		ResetTempTableNamespace();
		CommandCounterIncrement();
		/* For example an extension, which PostgreSQL leaves alone here. */
		if (has_objects(schema))
			is_used_up = true;
	}
	PopActiveSnapshot();
}

/* ---------------------------------------------------------------- dblink, and languages that keep variables */

/* Calls a C function of another module, with no argument or one, without a catalog entry. A NULL result becomes 0. */
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

/* What this session has loaded. Looks again only if a library has been loaded since. */
static char *dblink_path = NULL;
static bool has_shared_variables = false;

static void
look_at_libraries(void)
{
	static const char *const languages[] = {"plperl", "plpython", "pltcl", "plv8", "plr", "pljava"};
	static Size seen = 0;
	Size		size = EstimateLibraryStateSpace();
	char	   *names;

	if (size == seen)
		return;
	seen = size;
	names = palloc(size);
	SerializeLibraryState(size, names);
	for (char *name = names; *name != '\0'; name += strlen(name) + 1)
	{
		const char *file = last_dir_separator(name);

		file = file ? file + 1 : name;
		if (dblink_path == NULL && (strncmp(file, "dblink.", 7) == 0 || strcmp(file, "dblink") == 0))
			dblink_path = MemoryContextStrdup(TopMemoryContext, name);
		for (int i = 0; i < lengthof(languages); i++)
			if (strncmp(file, languages[i], strlen(languages[i])) == 0)
				has_shared_variables = true;
	}
	pfree(names);
}

/*
 * Closes the connections that earlier steps opened with dblink. They belong to the session and not to the role that gave the password, so
 * the next role could use them. (Not at the end of the step, because an abort is no place for it.)
 */
static void
close_dblink_connections(void)
{
	PGFunction	get_connections;
	PGFunction	disconnect;
	Datum		names;
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	if (dblink_path == NULL)
		return;
	get_connections = (PGFunction) load_external_function(dblink_path, "dblink_get_connections", true, NULL);
	disconnect = (PGFunction) load_external_function(dblink_path, "dblink_disconnect", true, NULL);

	names = call_loaded(get_connections, 0, (Datum) 0);
	if (names != (Datum) 0)
	{
		Datum	   *elements;
		int			n;

		deconstruct_array(DatumGetArrayTypeP(names), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
		for (int i = 0; i < n; i++)
			call_loaded(disconnect, 1, elements[i]);
	}

	/* The unnamed one: only trying shows whether there is one. */
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

/* ---------------------------------------------------------------- the next step */

/* The number of settings that nobody has defined. PostgreSQL never forgets one. */
static int
count_placeholders(void)
{
	struct config_generic **all;
	int			n;
	int			result = 0;

#if PG_VERSION_NUM >= 160000
	all = get_guc_variables(&n);
#else
	all = get_guc_variables();
	n = GetNumConfigOptions();
#endif
	for (int i = 0; i < n; i++)
		if (all[i]->flags & GUC_CUSTOM_PLACEHOLDER)
			result++;
	return result;
}

/* Whether the role can leave replication slots in its session. */
static bool
may_replicate(Oid role)
{
	HeapTuple	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
	bool		result = false;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_authid form = (Form_pg_authid) GETSTRUCT(tuple);

		result = form->rolreplication || form->rolsuper;
		ReleaseSysCache(tuple);
	}
	return result;
}

/* Makes sure that a step of this role finds nothing of another role's steps; if that is impossible, the worker opens another session. */
void
pgd_make_session_fit_for(Oid role)
{
	static int	own_placeholders = -1;

	if (uncounted)
	{
		placeholders = count_placeholders();
		if (own_placeholders < 0)
			own_placeholders = placeholders;
		placeholders -= own_placeholders;
		uncounted = false;
	}
	look_at_libraries();
	close_dblink_connections();
	if (placeholders > MOST_PLACEHOLDERS)
		is_used_up = true;
	if (OidIsValid(last_role) && last_role != role)
	{
		if (placeholders > 0 || has_shared_variables || may_replicate(last_role))
			is_used_up = true;
		if (changed_setting)
			ResetPlanCache();
		changed_setting = false;
	}
	if (is_used_up)
		ereport(ERROR,
				(errcode(ERRCODE_DF_SESSION_USED_UP),
				 errmsg("earlier steps have left something in this session that cannot be removed"),
				 errhint("The worker opens another session.")));
	last_role = role;
}

/* Session state that the end of a transaction does not touch. Runs during commits and aborts: must not fail. */
void
pgd_forget_step(void)
{
	LockReleaseSession(USER_LOCKMETHOD);
	/* lastval() and currval() */
	ResetSequenceCaches();
	/* After setseed() the next role's random() would be predictable. */
	DirectFunctionCall1(setseed, Float8GetDatum(pg_prng_double(&pg_global_prng_state)));
}
