/*
 * sandbox.c - runs a step as the role that submitted it, on a connection that belongs to the worker
 *
 * A step's transaction, as the worker sends it:
 *
 *   BEGIN; SELECT df._enter(role, token); <the user's statement>; SELECT df._commit_step(token, ...); COMMIT
 *
 * From df._enter to the end of the transaction everything runs as the role, and PostgreSQL itself refuses to change that:
 * session_authorization is the role's (and so are session_user, current_user and is_superuser), and SECURITY_LOCAL_USERID_CHANGE makes SET
 * ROLE and SET SESSION AUTHORIZATION errors, in whatever form they come. No function leaves the sandbox: if there were one, it could be
 * called. And what the sandbox leads back to has no rights either: see session.c.
 *
 * df._commit_step is SECURITY DEFINER and the user may execute it (it is executed in the sandbox), so it needs proof that the worker calls
 * it: a token. The same proof allows the COMMIT: a step whose text is COMMIT can't get rid of its checkpoint.
 *
 * States and the transitions between them:
 *
 *   OUTSIDE --df._enter--> INSIDE --pgd_seal(right token)--> SEALED --COMMIT: PRE_COMMIT--> LEAVING --> OUTSIDE
 *   any --abort--> OUTSIDE
 *
 * At PRE_COMMIT all user code has run (deferred triggers are the last of it). leftovers.c has what must not survive that moment. The user
 * and the security context are set back there; an abort sets them back by itself.
 *
 * A rollback to a savepoint (an EXCEPTION block) restores the user and context that it began with: the sandbox's.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"

#include "pg_durable.h"

PG_FUNCTION_INFO_V1(pg_durable_enter);
PG_FUNCTION_INFO_V1(pg_durable_seal);

typedef enum SandboxState
{
	OUTSIDE,
	INSIDE,
	SEALED,
	LEAVING
} SandboxState;

static SandboxState state = OUTSIDE;
static Oid	entered_role = InvalidOid;
static int	guc_level;

/* Whether a step is running, up to its last deferred trigger. */
bool
pgd_in_step(void)
{
	return state == INSIDE || state == SEALED;
}

/* Whether the step's checkpoint is written. */
bool
pgd_may_commit(void)
{
	return state == SEALED;
}

/* The role of the step that is running. */
Oid
pgd_entered_role(void)
{
	return entered_role;
}

/* Whether the worker calls this from inside a step. If so, the step's transaction may commit. */
bool
pgd_seal(bytea *token)
{
	if (!pgd_in_step() || !pgd_take_token(token))
		return false;
	state = SEALED;
	return true;
}

/* ---------------------------------------------------------------- the transaction's end */

/* Leaves the sandbox. Nothing else does, except PostgreSQL's own abort. */
static void
leave_at_pre_commit(void)
{
	Oid			user;
	int			context;

	if (state != SEALED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg("the transaction of a workflow step cannot commit without its checkpoint")));

	pgd_drop_temporary_objects();

	/* Before the settings: session_authorization must not change while the flag is on (PostgreSQL asserts that). */
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(user, context & ~SECURITY_LOCAL_USERID_CHANGE);
	AtEOXact_GUC(false, guc_level);
	pgd_unlock_settings();
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
					 errmsg("the transaction of a workflow step cannot be prepared")));
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
			state = OUTSIDE;
			entered_role = InvalidOid;
			pgd_unlock_settings();
			pgd_forget_step();
			break;
		default:
			break;
	}
}

/* ---------------------------------------------------------------- functions of schema df */

/* Refuses to enter from anywhere except the worker's own statement. */
static void
require_outside(void)
{
	if (pgd_session_kind() != PGD_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("df._enter needs a session that the worker has opened for steps")));
	pgd_require_ready_session();
	if (state != OUTSIDE || GetUserId() != pgd_home_role() || InLocalUserIdChange() || InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("df._enter cannot be called from inside a step or a function")));
	if (!IsTransactionBlock() || GetCurrentTransactionNestLevel() != 1)
		ereport(ERROR,
				(errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
				 errmsg("df._enter must be called in a transaction block, outside of savepoints")));
	if (pg_get_client_encoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("df._enter needs client_encoding UTF8")));
}

/*
 * Gives the transaction what the role's defaults ask for, as if it had begun with them. Only df._enter has used a snapshot, so the step may
 * still take its first one.
 */
static void
apply_transaction_defaults(void)
{
	if (XactIsoLevel != DefaultXactIsoLevel)
	{
		XactIsoLevel = DefaultXactIsoLevel;
		FirstSnapshotSet = false;
	}
	XactReadOnly = DefaultXactReadOnly;
	XactDeferrable = DefaultXactDeferrable;
}

/* df._enter(role, token): the rest of the transaction runs as the role. */
Datum
pg_durable_enter(PG_FUNCTION_ARGS)
{
	Oid			role = PG_GETARG_OID(0);
	char	   *name;
	int			context;
	Oid			user;

	require_outside();
	if (!pgd_take_token(PG_GETARG_BYTEA_PP(1)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only the worker may call df._enter")));
	name = pgd_admitted_role_name(role);
	pgd_make_session_fit_for(role);
	pgd_forget_plans();

	guc_level = NewGUCNestLevel();
	if (guc_level != 2)
	{
		/* Inside a function with a SET clause: PostgreSQL would undo our level when that function returns. */
		AtEOXact_GUC(false, guc_level);
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("df._enter must be called in a statement of its own")));
	}

	/*
	 * From here on, an error aborts the transaction and with it everything below. Identity first: defaults are checked against the role
	 * that they are for.
	 */
	state = INSIDE;
	entered_role = role;
	pgd_switch_user(name);
	if (GetSessionUserId() != role)
		ereport(ERROR,
				(errcode(ERRCODE_DF_ROLE_GONE),
				 errmsg("role \"%s\" was renamed while a step was starting", name),
				 errhint("Try again.")));
	pgd_apply_step_settings(role);

	/* ALTER ROLE ... SET role may have made us somebody else, as at a login. */
	if (GetUserId() != role)
		(void) pgd_admitted_role_name(GetUserId());
	apply_transaction_defaults();

	pgd_lock_settings();
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(user, context | SECURITY_LOCAL_USERID_CHANGE);
	PG_RETURN_VOID();
}

/* pgd_seal for SQL. Not a function of schema df: it is for tests of the sandbox alone, without instances and their checkpoints. */
Datum
pg_durable_seal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(pgd_seal(PG_GETARG_BYTEA_PP(0)));
}

/* Called when the module is loaded, in the postmaster: every session inherits it. */
void
pgd_install_sandbox(void)
{
	RegisterXactCallback(at_transaction_end, NULL);
}
