using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.EntityFrameworkCore.Tests;

/// <summary>Migrations of a real context on a real server.</summary>
public sealed class MigrationTests : IAsyncLifetime
{
    private const string Migrator = "migrator 'close-order' 1";
    private const string App = "app 'close-order' 1, app 'count-orders' 2";

    private PgCluster _cluster = null!;
    private ShopContext _context = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync();
        await _cluster.ExecuteAsync(
            """
            CREATE EXTENSION IF NOT EXISTS pg_durable;
            CREATE ROLE app;
            CREATE ROLE migrator LOGIN IN ROLE app;
            GRANT CREATE ON SCHEMA public TO migrator
            """);
        await _cluster.ExecuteAsync("SELECT df.grant_usage('app'), df.grant_usage('migrator')");
        _context = new ShopContext(_cluster.ConnectionString(user: "migrator"));
    }

    public async Task DisposeAsync()
    {
        await _context.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Migrate_UpAndDown_RegistersAndDrops()
    {
        await _context.Database.MigrateAsync("20260101000000_CloseOrders");
        Assert.Equal(Migrator, await RegisteredAsync());
        await _context.Database.MigrateAsync();
        Assert.Equal($"{App}, {Migrator}", await RegisteredAsync());
        Assert.Equal(CloseOrder.Definition.ContentHash, await _cluster.ScalarAsync<string>(
            "SELECT DISTINCT content_hash FROM df.workflow_versions WHERE workflow = 'close-order'"));

        await _context.Database.MigrateAsync("20260101000000_CloseOrders");
        Assert.Equal(Migrator, await RegisteredAsync());
        await _context.Database.MigrateAsync(Migration.InitialDatabase);
        Assert.Equal("", await RegisteredAsync());
    }

    [Theory]
    [InlineData(MigrationsSqlGenerationOptions.Default)]
    [InlineData(MigrationsSqlGenerationOptions.Idempotent)]
    public async Task Script_RunInPsql_RegistersAndDrops(MigrationsSqlGenerationOptions options)
    {
        var migrator = _context.GetService<IMigrator>();
        await PsqlAsync(migrator.GenerateScript(options: options));
        Assert.Equal($"{App}, {Migrator}", await RegisteredAsync());
        if (options == MigrationsSqlGenerationOptions.Idempotent)
            await PsqlAsync(migrator.GenerateScript(options: options));

        await PsqlAsync(migrator.GenerateScript("20260202000000_CountOrders", Migration.InitialDatabase, options));
        Assert.Equal("", await RegisteredAsync());
    }

    [Fact]
    public async Task Migrate_ChangedGraphUnderTheSameVersion_FailsAndLeavesTheDatabaseAsItWas()
    {
        await _cluster.ExecuteAsync("SET ROLE migrator; SELECT df.register_workflow('close-order', 'SELECT 1', 1)");
        var error = await Assert.ThrowsAsync<PostgresException>(() => _context.Database.MigrateAsync());
        Assert.Contains("version 1 of workflow \"close-order\" is registered with another graph", error.MessageText);
        Assert.Empty(await _context.Database.GetAppliedMigrationsAsync());
    }

    [Fact]
    public async Task Migrate_DownWhileAnInstanceRuns_IsRefused()
    {
        await _context.Database.MigrateAsync("20260101000000_CloseOrders");
        await _cluster.ExecuteAsync("SET ROLE migrator; SELECT df.start_workflow('close-order', '{}')");
        // The provider treats this SQLSTATE as temporary, and wraps the error accordingly.
        var error = await Assert.ThrowsAnyAsync<Exception>(() => _context.Database.MigrateAsync(Migration.InitialDatabase));
        Assert.Equal(PostgresErrorCodes.ObjectInUse, (error.GetBaseException() as PostgresException)?.SqlState);
        Assert.Equal(Migrator, await RegisteredAsync());
    }

    [Fact]
    public void RegisterWorkflows_OfAnotherDatabase_IsRefused() =>
        Assert.Throws<NotSupportedException>(
            () => new MigrationBuilder("Microsoft.EntityFrameworkCore.Sqlite").RegisterWorkflows(CloseOrder.Definition));

    private Task<string> PsqlAsync(string script)
    {
        var file = Path.Combine(_cluster.Folder, Guid.NewGuid().ToString("N") + ".sql");
        File.WriteAllText(file, "SET ROLE migrator;\n" + script);
        return _cluster.RunProgramAsync("psql", "-v", "ON_ERROR_STOP=1", "-f", file);
    }

    private Task<string> RegisteredAsync() => _cluster.ScalarAsync<string>(
        "SELECT coalesce(string_agg(format('%s %L %s', owner, workflow, version), ', ' ORDER BY owner::text, workflow), '') "
            + "FROM df.workflow_versions");
}
