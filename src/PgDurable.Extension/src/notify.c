/*
 * notify.c - df._notify: a notification that does not keep a transaction from being prepared
 *
 * PostgreSQL refuses PREPARE TRANSACTION after NOTIFY. Our notifications are hints: a worker that gets none finds the work at its next
 * poll. So they are kept until the transaction is about to commit, and dropped if it is prepared or rolled back. One from a subtransaction
 * that was rolled back is sent all the same, which does no harm.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/async.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg_durable.h"

PG_FUNCTION_INFO_V1(pg_durable_notify);

/* Channel, payload, channel, payload, and so on; in the top transaction's memory. */
static List *pending = NIL;
static const char *last_channel = NULL;
static const char *last_payload = NULL;
static bool registered = false;

static void
at_transaction_end(XactEvent event, void *arg)
{
	/* Before PostgreSQL puts the transaction's notifications into its queue. */
	if (event == XACT_EVENT_PRE_COMMIT)
		for (int i = 0; i + 1 < list_length(pending); i += 2)
			Async_Notify(list_nth(pending, i), list_nth(pending, i + 1));
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE || event == XACT_EVENT_ABORT)
	{
		pending = NIL;
		last_channel = last_payload = NULL;
	}
}

/* Sends a notification when the transaction commits. */
void
pgd_notify(const char *channel, const char *payload)
{
	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		registered = true;
	}
	/*
	 * PostgreSQL drops duplicates. So do we, where it costs nothing: a transaction that starts a thousand instances says the same each
	 * time.
	 */
	if (last_channel == NULL || strcmp(channel, last_channel) != 0 || strcmp(payload, last_payload) != 0)
	{
		MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

		last_channel = pstrdup(channel);
		last_payload = pstrdup(payload);
		pending = lappend(lappend(pending, unconstify(char *, last_channel)), unconstify(char *, last_payload));
		MemoryContextSwitchTo(old);
	}
}

/* df._notify(channel, payload) */
Datum
pg_durable_notify(PG_FUNCTION_ARGS)
{
	pgd_notify(text_to_cstring(PG_GETARG_TEXT_PP(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}
