using Npgsql;
using PgDurable.Extension.Tests.Sandbox;

namespace PgDurable.Extension.Tests.Schema;

/// <summary>Rules that hold for every object of schema df, read from the catalog so that a new one can't be forgotten.</summary>
[Collection(SandboxCollection.Name)]
public sealed class CatalogTests(SandboxFixture fixture)
{
    [Fact]
    public Task Functions_All_PinTheSearchPath() => AssertNoneAsync(
        """
        SELECT p.oid::regprocedure::text FROM pg_proc p
         WHERE p.pronamespace = 'df'::regnamespace
           AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~ '^search_path=pg_catalog, (df, )?pg_temp$')
           -- What these change must outlive the call, which a SET clause would prevent; they are in C and look nothing up.
           AND p.oid <> ALL (ARRAY['df._enter(oid,bytea)', 'df._require_worker()']::regprocedure[])
           -- Hands on its caller's search_path, and looks up nothing without a schema.
           AND p.oid <> 'df.explain(text)'::regprocedure
        """);

    [Fact]
    public Task Functions_All_HaveComments() => AssertNoneAsync(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'df'::regnamespace "
            + "AND obj_description(p.oid, 'pg_proc') IS NULL");

    [Fact]
    public Task Relations_AllAndTheirColumns_HaveComments() => AssertNoneAsync(
        """
        SELECT c.relname || COALESCE('.' || a.attname, '')
          FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'df'::regnamespace AND c.relkind NOT IN ('i', 'S', 't', 'c')
           AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
        """);

    [Fact]
    public Task Types_All_HaveComments() => AssertNoneAsync(
        """
        SELECT t.oid::regtype::text FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
         WHERE t.typnamespace = 'df'::regnamespace AND t.typelem = 0 AND COALESCE(c.relkind, 'c') = 'c'
           AND obj_description(t.oid, 'pg_type') IS NULL
        """);

    [Fact]
    public Task Operators_All_HaveComments() => AssertNoneAsync(
        """
        SELECT o.oid::regoperator::text FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
         WHERE p.pronamespace = 'df'::regnamespace AND obj_description(o.oid, 'pg_operator') IS NULL
        """);

    [Fact]
    public Task Grants_ToPublic_DoNotExist() => AssertNoneAsync(
        """
        SELECT 'schema df' FROM pg_namespace n CROSS JOIN LATERAL aclexplode(COALESCE(n.nspacl, acldefault('n', n.nspowner))) a
         WHERE n.nspname = 'df' AND a.grantee = 0
        UNION ALL
        SELECT p.oid::regprocedure::text FROM pg_proc p CROSS JOIN LATERAL aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) a
         WHERE p.pronamespace = 'df'::regnamespace AND a.grantee = 0
        UNION ALL
        SELECT c.relname::text FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
         WHERE c.relnamespace = 'df'::regnamespace AND a.grantee = 0
        UNION ALL
        SELECT c.relname || '.' || t.attname
          FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) a
         WHERE c.relnamespace = 'df'::regnamespace AND a.grantee = 0
        UNION ALL
        SELECT t.oid::regtype::text FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
         CROSS JOIN LATERAL aclexplode(COALESCE(t.typacl, acldefault('T', t.typowner))) a
         WHERE t.typnamespace = 'df'::regnamespace AND t.typelem = 0 AND COALESCE(c.relkind, 'c') = 'c' AND a.grantee = 0
        """);

    [Fact]
    public Task Tables_All_HaveRowSecurity() => AssertNoneAsync(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'df'::regnamespace AND relkind = 'r' AND NOT relrowsecurity");

    // Otherwise DELETE and UPDATE fail where somebody publishes all tables.
    [Fact]
    public Task Tables_All_HaveAReplicaIdentity() => AssertNoneAsync(
        """
        SELECT c.relname::text FROM pg_class c
         WHERE c.relnamespace = 'df'::regnamespace AND c.relkind = 'r'
           AND NOT (c.relreplident = 'f'
                    OR c.relreplident = 'd' AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))
        """);

    [Fact]
    public Task Views_All_ReadAsTheirCaller() => AssertNoneAsync(
        """
        SELECT relname::text FROM pg_class WHERE relnamespace = 'df'::regnamespace AND relkind = 'v'
           AND NOT COALESCE('security_invoker=true' = ANY (reloptions), false)
        """);

    // A role with all grants may insert requests, but no outcomes.
    [Fact]
    public async Task GrantUsage_Role_CanWriteNothingButItsRequests()
    {
        await fixture.Cluster.ExecuteAsync("SELECT df.grant_usage('alice', with_grant => true)");
        try
        {
            await AssertNoneAsync(
                """
                SELECT c.relname || '.' || a.attname || ' ' || p.privilege
                  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                 CROSS JOIN (VALUES ('INSERT'), ('UPDATE')) p (privilege)
                 WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v')
                   AND has_column_privilege('alice', c.oid, a.attnum, p.privilege)
                   AND (c.relname, a.attname, p.privilege) NOT IN (
                        ('graphs', 'graph', 'INSERT'), ('graphs', 'sources', 'INSERT'), ('graphs', 'sources', 'UPDATE'),
                        ('cancellations', 'instance_no', 'INSERT'), ('cancellations', 'reason', 'INSERT'),
                        ('cancellations', 'forced', 'INSERT'),
                        ('submissions', 'label', 'INSERT'), ('submissions', 'graph_id', 'INSERT'), ('submissions', 'input', 'INSERT'),
                        ('submissions', 'idempotency_key', 'INSERT'), ('submissions', 'start_at', 'INSERT'),
                        ('submissions', 'database', 'INSERT'), ('submissions', 'vars', 'INSERT'), ('submissions', 'workflow', 'INSERT'),
                        ('submissions', 'workflow_version', 'INSERT'), ('submissions', 'forked_from', 'INSERT'),
                        ('submissions', 'forked_node', 'INSERT'), ('moves', 'instance_no', 'INSERT'), ('moves', 'version', 'INSERT'),
                        ('signals', 'instance_no', 'INSERT'), ('signals', 'name', 'INSERT'),
                        ('signals', 'data', 'INSERT'), ('pauses', 'instance_no', 'INSERT'), ('pauses', 'removed', 'UPDATE'),
                        ('registrations', 'removed', 'UPDATE'), ('watches', 'instance_no', 'INSERT'),
                        ('retries', 'instance_no', 'INSERT'), ('registrations', 'workflow', 'INSERT'),
                        ('registrations', 'version', 'INSERT'), ('registrations', 'graph_id', 'INSERT'),
                        ('registrations', 'description', 'INSERT'), ('published_state', 'instance_no', 'INSERT'),
                        ('published_state', 'value', 'INSERT'), ('published_state', 'value', 'UPDATE'),
                        ('published_state', 'published_at', 'UPDATE'), ('tags', 'instance_no', 'INSERT'), ('tags', 'key', 'INSERT'),
                        ('tags', 'value', 'INSERT'), ('tags', 'value', 'UPDATE'), ('tags', 'removed', 'UPDATE'),
                        ('bulks', 'instance_no', 'INSERT'), ('bulks', 'action', 'INSERT'), ('bulks', 'query', 'INSERT'),
                        ('bulks', 'reason', 'INSERT'), ('bulks', 'signal_name', 'INSERT'), ('bulks', 'signal_data', 'INSERT'),
                        ('bulks', 'batch_size', 'INSERT'), ('deletions', 'instance_no', 'INSERT'), ('deletions', 'reason', 'INSERT'))
                   AND c.relname NOT IN ('schedule_entries', 'vars', 'task_queue', 'task_grants', 'task_watches')
                   -- There a trigger refuses it.
                   AND (c.relname NOT IN ('instances', 'nodes') OR p.privilege <> 'INSERT')
                UNION ALL
                SELECT c.relname || ' as a whole' FROM pg_class c
                 WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v')
                   AND has_table_privilege('alice', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES')
                UNION ALL
                SELECT p.oid::regprocedure::text FROM pg_proc p
                 WHERE p.pronamespace = 'df'::regnamespace AND has_function_privilege('alice', p.oid, 'EXECUTE')
                   AND (p.proname ~ '^_worker_' OR p.prorettype = 'trigger'::regtype
                        OR p.proname IN ('_enter', '_require_worker', '_cancel', '_cancel_tree', '_ended', '_wake', '_record', '_carry',
                                         '_prune_instances', '_prune_graphs', '_prune_audit', '_remove_history', '_retry_child',
                                         '_scheduled', '_record_tasks', '_busy_tasks', '_drop_tasks', '_fork_rows', '_move_records'))
                UNION ALL
                SELECT 'schedule_entries.' || a
                  FROM unnest(ARRAY['schedule_no', 'created_at', 'changed_at', 'owner', 'revision', 'restored', 'changed_by']) a
                 WHERE has_column_privilege('alice', 'df.schedule_entries', a, 'INSERT')
                    OR has_column_privilege('alice', 'df.schedule_entries', a, 'UPDATE')
                UNION ALL
                SELECT 'task_queue.' || a.attname FROM pg_attribute a
                 WHERE a.attrelid = 'df.task_queue'::regclass AND a.attnum > 0
                   AND (has_column_privilege('alice', a.attrelid, a.attnum, 'INSERT')
                        OR has_column_privilege('alice', a.attrelid, a.attnum, 'UPDATE')
                           AND a.attname NOT IN ('claimed_at', 'lease_until', 'ended_at', 'token', 'claimed_by', 'delivery', 'retryable',
                                                 'progress', 'result', 'message', 'sqlstate'))
                UNION ALL
                SELECT 'owner of a grant or a watch'
                 WHERE has_column_privilege('alice', 'df.task_grants', 'owner', 'INSERT, UPDATE')
                    OR has_column_privilege('alice', 'df.task_grants', 'changed_by', 'INSERT, UPDATE')
                    OR has_column_privilege('alice', 'df.task_watches', 'watcher', 'INSERT, UPDATE')
                """);
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("SELECT df.revoke_usage('alice')");
        }
    }

    [Fact]
    public async Task RevokeUsage_Role_HasNothingLeft()
    {
        await fixture.Cluster.ExecuteAsync("SELECT df.grant_usage('bob', with_grant => true)");
        await fixture.Cluster.ExecuteAsync("SELECT df.revoke_usage('bob')");

        await AssertNoneAsync(
            """
            SELECT 'schema' WHERE has_schema_privilege('bob', 'df', 'USAGE')
            UNION ALL
            SELECT p.oid::regprocedure::text FROM pg_proc p
             WHERE p.pronamespace = 'df'::regnamespace AND has_function_privilege('bob', p.oid, 'EXECUTE')
            UNION ALL
            SELECT c.relname::text FROM pg_class c
             WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v')
               AND has_any_column_privilege('bob', c.oid, 'SELECT, INSERT, UPDATE')
            """);
    }

    [Fact]
    public async Task CreateExtension_InAnotherDatabase_SaysWhichOne()
    {
        await fixture.Cluster.ExecuteAsync("CREATE DATABASE elsewhere");
        try
        {
            var e =
                await Assert.ThrowsAsync<PostgresException>(() => fixture.Cluster.ExecuteAsync("CREATE EXTENSION pg_durable", "elsewhere"));
            Assert.Contains(
                "must be created in database \"postgres\" (currently in \"elsewhere\")", e.MessageText, StringComparison.Ordinal);
            Assert.NotNull(e.Hint);
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("DROP DATABASE elsewhere WITH (FORCE)");
        }
    }

    private async Task AssertNoneAsync(string query)
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        Assert.Empty(found);
    }
}
