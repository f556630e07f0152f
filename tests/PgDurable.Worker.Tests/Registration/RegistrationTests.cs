using PgDurable.Worker.Tests.Client;
using PgDurable.Worker.Tests.GraphEquality;

namespace PgDurable.Worker.Tests.Registration;

/// <summary>What a release engineer does with the workflows of a build.</summary>
[Collection(WorkerCollection.Name)]
public sealed class RegistrationTests(WorkerFixture fixture) : IAsyncLifetime
{
    static readonly WorkflowDefinition[] All = [Transfer.Definition, HostileText.Definition, Restock.Definition];

    ClientUser _user = null!;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Register_Twice_IsTheSame()
    {
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        await PgDurableRegistration.RegisterAsync(connection, All);
        await PgDurableRegistration.RegisterAsync(connection, [.. All, Transfer.Definition]);
        Assert.Equal("hostile-text 1, restock 7, transfer 1", await RegisteredAsync());
        Assert.Equal(Transfer.Definition.ContentHash, await _user.User.ScalarAsync<string>(
            "SELECT content_hash FROM df.workflow_versions WHERE workflow = 'transfer'"));
    }

    [Fact]
    public async Task Register_FromTenConnectionsAtOnce_IsTheSame()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async place =>
        {
            await using var connection = await _user.DataSource.OpenConnectionAsync();
            await PgDurableRegistration.RegisterAsync(connection, place % 2 == 0 ? All : All.Reverse());
        }));
        Assert.Equal("hostile-text 1, restock 7, transfer 1", await RegisteredAsync());
    }

    [Fact]
    public async Task Register_InARolledBackTransaction_DidNothing()
    {
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PgDurableRegistration.RegisterAsync(connection, All);
        await transaction.RollbackAsync();
        Assert.Equal("", await RegisteredAsync());
    }

    [Fact]
    public async Task Register_ChangedGraph_SaysWhichWorkflow_AndRegistersNothing()
    {
        await _user.User.ExecuteAsync("SELECT df.register_workflow('restock', 'SELECT 1', 7)");
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        var error = await Assert.ThrowsAsync<WorkflowChangedException>(() => PgDurableRegistration.RegisterAsync(connection, All));
        Assert.Equal(("restock", 7), (error.Workflow, error.Version));
        Assert.Contains("[Workflow(\"restock\", Version = 8)]", error.Message);
        Assert.Equal("restock 7", await RegisteredAsync());
    }

    [Fact]
    public async Task Register_OverwriteUnreleased_ReplacesOnlyWhatIsNotReleased()
    {
        await _user.User.ExecuteAsync("SELECT df.register_workflow('draft', 'SELECT 0')");
        await _user.User.ExecuteAsync("SELECT df.register_workflow('released', 'SELECT 0')");
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        var draft = Definition("draft", isReleased: false);

        await Assert.ThrowsAsync<WorkflowChangedException>(() => PgDurableRegistration.RegisterAsync(connection, [draft]));
        var error = await Assert.ThrowsAsync<WorkflowChangedException>(() => PgDurableRegistration.RegisterAsync(
            connection, [draft, Definition("released", isReleased: true)], Overwrite.Unreleased));
        Assert.Equal("released", error.Workflow);
        Assert.NotEqual(draft.ContentHash, await DraftHashAsync());

        await PgDurableRegistration.RegisterAsync(connection, [draft], Overwrite.Unreleased);
        Assert.Equal(draft.ContentHash, await DraftHashAsync());
        Assert.Equal("draft 1, released 1", await RegisteredAsync());

        Task<string> DraftHashAsync() =>
            _user.User.ScalarAsync<string>("SELECT content_hash FROM df.workflow_versions WHERE workflow = 'draft'");
    }

    [Fact]
    public async Task Register_TwoGraphsForOneVersion_IsRefused()
    {
        var other = new WorkflowDefinition<int>("transfer", 1, """{"kind":"sql"}""", "'SELECT 1'", (_, _) => { });
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => PgDurableRegistration.RegisterAsync(connection, [other, Transfer.Definition]));
    }

    [Fact]
    public async Task Script_InPsql_RegistersForItsRole_AgainAndAgain()
    {
        var script = PgDurableRegistration.Script(All, _user.User.Role);
        for (var i = 0; i < 2; i++)
            await fixture.Cluster.RunProgramAsync("psql", "-v", "ON_ERROR_STOP=1", "-c", script, "-c", "SELECT 1");
        Assert.Equal("hostile-text 1, restock 7, transfer 1", await RegisteredAsync());

        await fixture.Cluster.RunProgramAsync("psql", "-v", "ON_ERROR_STOP=1", "-c",
            PgDurableRegistration.DropScript([Restock.Definition, Restock.Definition], _user.User.Role));
        await fixture.Cluster.RunProgramAsync(
            "psql", "-v", "ON_ERROR_STOP=1", "-c", PgDurableRegistration.DropScript([Restock.Definition], _user.User.Role));
        Assert.Equal("hostile-text 1, transfer 1", await RegisteredAsync());
    }

    [Theory]
    [InlineData("it's $$ \\ $EF$ $ef$EF$ {x} 🐘\r\n-- comment\n/* ")]
    [InlineData("$pgdurable$'; DROP TABLE x; --")]
    public async Task Script_HostileTexts_ArriveAsTheyWere(string text)
    {
        var graph = Df.Sql($"SELECT {TestUser.Literal(text)} AS x").ToJson();
        var definition = new WorkflowDefinition<int>("hostile", 1, graph, $"'SELECT ''{text}'''\nDROP TABLE x", (_, _) => { });
        foreach (var wrapper in (string[])["{0}", "DO $EF$ BEGIN {0} END $EF$"])
        {
            var statement = wrapper == "{0}" ? PgDurableRegistration.Script([definition]) : RegistrationScriptOf(definition);
            await _user.User.ExecuteAsync(wrapper.Replace("{0}", statement, StringComparison.Ordinal));
            Assert.Equal(graph, await fixture.Cluster.ScalarAsync<string>(
                $"SELECT g.graph FROM df.graphs g WHERE g.owner = {TestUser.Literal(_user.User.Role)}::regrole"));
        }
    }

    static WorkflowDefinition Definition(string name, bool isReleased) =>
        new WorkflowDefinition<int>(name, 1, Df.Sql("SELECT 1").ToJson(), "'SELECT 1'", (_, _) => { }, isReleased: isReleased);

    // Without its comments, as a migration has it.
    static string RegistrationScriptOf(WorkflowDefinition definition)
    {
        var script = PgDurableRegistration.Script([definition]);
        return script[script.IndexOf("\n\nDO ", StringComparison.Ordinal)..];
    }

    Task<string> RegisteredAsync() => fixture.Cluster.ScalarAsync<string>(
        $"""
         SELECT coalesce(string_agg(concat_ws(' ', workflow, version), ', ' ORDER BY workflow), '')
           FROM df.workflow_versions WHERE owner = {TestUser.Literal(_user.User.Role)}::regrole
         """);
}
