namespace PgDurable.Cli.Tests.Prepare;

/// <summary>What changes in the database is found by <c>prepare --check</c> and, after <c>prepare</c>, by the compiler.</summary>
[Collection(ShopCollection.Name)]
public sealed class PrepareTests(Shop shop)
{
    private const string Steps =
        """
        .QuerySingle<Order>($"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .QuerySingle<All>($"SELECT * FROM orders WHERE order_id = {input.OrderId}", out var all)
        .QuerySingle<decimal>($"SELECT tax_on(amount => {order.Total})", out var tax)
        """;

    private const string Members =
        """
        public sealed record Order(long OrderId, decimal Total, string? Note);
        public sealed record All(long OrderId, string? Note);
        """;

    private const string Tables =
        """
        ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
        DROP FUNCTION tax_on(numeric);
        CREATE FUNCTION tax_on(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN $1 * 0.2;
        """;

    /// <summary>The change, what <c>--check</c> says, and what the compiler says and where.</summary>
    public static TheoryData<string, string, string[]> Changes => new()
    {
        {
            "ALTER TABLE orders DROP COLUMN note", "step 'order': PostgreSQL doesn't accept it any more: column \"note\" does not exist",
            ["PGD0040 note", "PGD2006 All"]
        },
        {
            "ALTER TABLE orders DROP COLUMN note", "step 'all': column 'note' (text) is gone", ["PGD0040 note", "PGD2006 All"]
        },
        {
            "ALTER TABLE orders ALTER COLUMN total TYPE date USING now()", "step 'order': column 'total' was numeric and is date now",
            ["PGD2007 Order"]
        },
        {
            "ALTER TABLE orders ALTER COLUMN total DROP NOT NULL", "step 'order': column 'total' is never NULL and may be NULL now",
            ["PGD0041 Order"]
        },
        {
            "ALTER TABLE orders ALTER COLUMN order_id TYPE uuid USING gen_random_uuid()", "operator does not exist: uuid = integer",
            ["PGD0040 =", "PGD0040 ="]
        },
        {
            "DROP FUNCTION tax_on; CREATE FUNCTION tax_on(total numeric) RETURNS numeric LANGUAGE sql RETURN $1",
            "step 'tax': PostgreSQL doesn't accept it any more: function tax_on(amount => numeric) does not exist", ["PGD0040 tax_on"]
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_FailsTheCheckAndThenTheBuild(string change, string message, string[] errors)
    {
        var role = await RoleAsync(Tables);
        using var project = Project.With(Steps, Members);
        var first = await PrepareAsync(role, project);
        Assert.True(first.ExitCode == 0, first.Output + first.Error);
        Assert.Empty(project.Diagnostics());
        Assert.Equal(0, (await PrepareAsync(role, project, "--check")).ExitCode);

        await ChangeAsync(role, change);

        var check = await PrepareAsync(role, project, "--check");
        Assert.True(check.ExitCode == 1, check.Output + check.Error);
        Assert.Contains(message, check.Output, StringComparison.Ordinal);
        Assert.Empty(project.Diagnostics());

        await PrepareAsync(role, project);
        Assert.Equal(errors.Order(), project.Diagnostics().Select(each => $"{each.Id} {each.Text}").Order());
        Assert.Equal(
            errors.Any(error => error.StartsWith("PGD0040", StringComparison.Ordinal)) ? 1 : 0,
            (await PrepareAsync(role, project, "--check")).ExitCode);
    }

    [Fact]
    public async Task File_IsTheSameAfterTheTablesWereMadeAgain()
    {
        var role = await RoleAsync(Tables);
        using var project = Project.With(Steps, Members);
        await PrepareAsync(role, project);
        var first = await File.ReadAllBytesAsync(project.File);

        await ChangeAsync(role, "CREATE TABLE copy (LIKE orders INCLUDING ALL); DROP TABLE orders; ALTER TABLE copy RENAME TO orders");
        await ChangeAsync(role, $"GRANT SELECT ON orders TO {role}");
        await PrepareAsync(role, project);

        Assert.Equal(first, await File.ReadAllBytesAsync(project.File));
    }

    [Fact]
    public async Task Statement_IsNewOrGone()
    {
        var role = await RoleAsync(Tables);
        using var old = Project.With(".Execute(\"UPDATE audit SET who = 'x'\")", "");
        using var project = Project.With(Steps, Members);
        await PrepareAsync(role, old);
        Directory.CreateDirectory(Path.GetDirectoryName(project.File)!);
        File.Copy(old.File, project.File);

        var check = await PrepareAsync(role, project, "--check");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("step 'order': it isn't in the file", check.Output, StringComparison.Ordinal);
        Assert.Contains(
            "no step: it is in the file, but no step has this text\n    in: UPDATE audit SET who = 'x'", check.Output,
            StringComparison.Ordinal);
        Assert.Equal(3, project.Diagnostics().Count(each => each.Id == "PGD1040"));
        Assert.Single(project.Diagnostics(), each => each.Id == "PGD1041");
    }

    [Fact]
    public async Task File_ThatIsMissingOrBroken_SaysWhatToDo()
    {
        var role = await RoleAsync("");
        using var project = Project.With(".Execute(\"UPDATE audit SET who = 'x'\")", "");
        var missing = await PrepareAsync(role, project, "--check");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("doesn't exist. Run 'pgdurable prepare' without --check", missing.Error, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.GetDirectoryName(project.File)!);
        await File.WriteAllTextAsync(project.File, "<<<<<<< HEAD");
        var broken = await PrepareAsync(role, project, "--check");
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains("can't be read", broken.Error, StringComparison.Ordinal);
        Assert.Contains("Run 'pgdurable prepare' to write it again", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameText_OfTwoStatements_IsReported()
    {
        var role = await RoleAsync("");
        using var project = new Project(
            """
            namespace Shop;

            [Workflow("one")]
            public sealed partial class One : IWorkflow<One.Input>
            {
                public sealed record Input(int Value);
                public static Flow Define(Flow flow, Input input) => flow.QuerySingle<int>($"SELECT {input.Value} AS x", out var x);
            }

            [Workflow("two")]
            public sealed partial class Two : IWorkflow<Two.Input>
            {
                public sealed record Input(bool Value);
                public static Flow Define(Flow flow, Input input) => flow.QuerySingle<bool>($"SELECT {input.Value} AS x", out var x);
            }
            """);

        var run = await PrepareAsync(role, project);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("two 1, step 'x': the same text stands for another statement than at", run.Output, StringComparison.Ordinal);
        Assert.Contains("column 'x' was integer and is boolean now", run.Output, StringComparison.Ordinal);
    }

    private async Task<string> RoleAsync(string change)
    {
        var role = await shop.RoleAsync();
        await ChangeAsync(role, change);
        return role;
    }

    private Task ChangeAsync(string role, string change) => shop.Cluster.ExecuteAsync($"SET search_path = {role}; {change}");

    private Task<ToolRun> PrepareAsync(string role, Project project, params string[] more) =>
        shop.RunAsync(role, ["prepare", "-a", project.Assembly, "-f", project.File, .. more]);
}
