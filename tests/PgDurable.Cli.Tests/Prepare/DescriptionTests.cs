using System.Text.Json;

namespace PgDurable.Cli.Tests.Prepare;

/// <summary>What <c>prepare</c> writes about a statement, and that it runs nothing.</summary>
[Collection(ShopCollection.Name)]
public sealed class DescriptionTests(Shop shop)
{
    private const string Tables =
        """
        CREATE TABLE items (order_id bigint NOT NULL, sku text NOT NULL);
        CREATE VIEW views AS SELECT order_id, note FROM orders;
        CREATE DOMAIN sku AS text NOT NULL;
        CREATE TABLE skus (sku sku);
        """;

    /// <summary>A statement and, for each column, its name, type and whether it may be NULL.</summary>
    public static TheoryData<string, string> Nullability => new()
    {
        { "SELECT order_id, note FROM orders", "order_id bigint false, note text true" },
        { "SELECT count(*), max(order_id) AS top, 1 AS one FROM orders", "count bigint ?, top bigint ?, one integer ?" },
        { "SELECT coalesce(note, '') AS note FROM orders", "note text ?" },
        { "SELECT note FROM orders WHERE note IS NOT NULL", "note text ?" },
        { "SELECT o.note FROM orders o JOIN items i USING (order_id) WHERE o.note IS NOT NULL", "note text ?" },
        { "SELECT o.order_id, i.sku FROM orders o JOIN items i USING (order_id)", "order_id bigint false, sku text false" },
        { "SELECT o.order_id, i.sku FROM orders o LEFT JOIN items i USING (order_id)", "order_id bigint false, sku text true" },
        { "SELECT o.order_id, i.sku FROM items i RIGHT JOIN orders o USING (order_id)", "order_id bigint false, sku text true" },
        { "SELECT o.order_id, i.sku FROM orders o FULL JOIN items i ON o.order_id = i.order_id", "order_id bigint true, sku text true" },
        {
            "SELECT o.order_id, i.sku FROM orders o LEFT JOIN items i USING (order_id) WHERE i.sku = 'x'",
            "order_id bigint false, sku text false"
        },
        { "SELECT s.sku FROM orders o LEFT JOIN (SELECT * FROM items LIMIT 5) s USING (order_id)", "sku text true" },
        {
            "WITH x AS MATERIALIZED (SELECT sku FROM orders LEFT JOIN items USING (order_id)) SELECT sku FROM x", "sku text ?"
        },
        { "SELECT order_id, sku FROM items GROUP BY ROLLUP (order_id, sku)", "order_id bigint ?, sku text ?" },
        { "SELECT order_id FROM items UNION ALL SELECT order_id FROM orders", "order_id bigint ?" },
        { "SELECT order_id, note FROM views", "order_id bigint ?, note text ?" },
        { "SELECT sku FROM skus", "sku text ?" },
        { "INSERT INTO orders (order_id) VALUES (1) RETURNING order_id, note", "order_id bigint false, note text true" },
        { "UPDATE orders SET note = 'x' RETURNING order_id, note", "order_id bigint false, note text true" },
        { "DELETE FROM items RETURNING sku", "sku text false" },
        { "WITH x AS (SELECT sku FROM items) SELECT sku FROM x", "sku text false" },
    };

    [Theory]
    [MemberData(nameof(Nullability))]
    public async Task Column_HasTypeAndNullability(string sql, string columns)
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync(
            $"SET search_path = {role}; {Tables} GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {role} TO {role}");

        var entry = Assert.Single(await DescribeAsync(role, sql));

        Assert.Equal(columns, Columns(entry));
    }

    [Fact]
    public async Task Names_OfAnyKind_AreKeptAsTheyAre()
    {
        string[] names = ["a\"b", "it's", "new\nline", "\u0001", "]}", "ÄÖ😀", "$input.x", "</item>", "?column?"];
        var role = await shop.RoleAsync();
        var list = string.Join(
            ", ", names.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" int NOT NULL"));
        await shop.Cluster.ExecuteAsync(
            $"SET search_path = {role}; CREATE TABLE strange ({list}); GRANT SELECT ON strange TO {role}");
        using var project = Project.With(".Execute(\"SELECT *, 1, 1 FROM strange\")", "");

        Assert.Equal(0, (await PrepareAsync(role, project)).ExitCode);
        Assert.Equal(0, (await PrepareAsync(role, project, "--check")).ExitCode);

        var described = Entries(project)[0].GetProperty("columns").EnumerateArray()
            .Select(column => column.GetProperty("name").GetString());
        Assert.Equal([.. names, "?column?", "?column?"], described);
        Assert.Empty(project.Diagnostics());
    }

    [Fact]
    public async Task Types_WithTheSameName_HaveTheirSchemas()
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync(
            $"""
             CREATE SCHEMA "{role} 2";
             CREATE TYPE {role}.state AS ENUM ('a');
             CREATE TYPE "{role} 2".state AS ENUM ('b');
             CREATE TYPE {role}.text AS ENUM ('c');
             CREATE TABLE {role}.states (a {role}.state, b "{role} 2".state[], c {role}.text, d text);
             GRANT SELECT, INSERT ON {role}.states TO {role}
             """);
        using var project = Project.With(
            ".QuerySingle<States>(\"SELECT * FROM states\", out var s)"
                + ".Execute($\"INSERT INTO states (a, d) VALUES ({s.A}, {input.Name})\")",
            "public sealed record States(string? A, string[]? B, string? C, string? D);");

        var run = await PrepareAsync(role, project);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var entries = Entries(project);
        Assert.Equal($"a {role}.state true, b \"{role} 2\".state[] true, c {role}.text true, d text true", Columns(entries[1]));
        Assert.Equal(
            [$"{role}.state", "text"],
            entries[0].GetProperty("parameters").EnumerateArray().Select(each => each.GetProperty("type").GetString()!));
        Assert.Empty(project.Diagnostics());
    }

    [Theory]
    [InlineData("VACUUM orders", "PostgreSQL can't prepare statements of this kind")]
    [InlineData("CREATE TABLE t (i int)", "PostgreSQL can't prepare statements of this kind")]
    [InlineData("DO 'BEGIN DELETE FROM orders; END'", "PostgreSQL can't prepare statements of this kind")]
    [InlineData("ALTER TABLE orders SET (fillfactor = {input.OrderId})", "PostgreSQL can't read it without the values")]
    [InlineData("SELECT '{input.OrderId}'::int", "PostgreSQL can't read it without the values")]
    public async Task Statement_ThatCannotBeDescribed_SaysWhy(string sql, string reason)
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"INSERT INTO {role}.orders VALUES (1)");
        using var project = Project.With($".Execute($\"{sql}\")", "");

        var run = await PrepareAsync(role, project);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($": {reason}", run.Output, StringComparison.Ordinal);
        Assert.Equal(reason, Entries(project)[0].GetProperty("not_described").GetString());
        Assert.Empty(project.Diagnostics());
        Assert.Equal(1, await shop.Cluster.ScalarAsync<long>($"SELECT count(*) FROM {role}.orders"));
    }

    [Theory]
    [InlineData("SELEC 1", "syntax error at or near \"SELEC\"", "SELEC")]
    [InlineData("VACUM {input.Name}", "syntax error at or near \"VACUM\"", "VACUM")]
    [InlineData("CALL nothing()", "procedure nothing() does not exist", "nothing")]
    [InlineData("SELECT 1 FROM orders WHERE 😀note = 'ä' AND nothing", "column \"😀note\" does not exist", "😀note")]
    [InlineData("SELECT '😀', {input.OrderId}, nothing FROM orders", "column \"nothing\" does not exist", "nothing")]
    public async Task Statement_ThatIsWrong_IsAnErrorAtItsPlace(string sql, string message, string place)
    {
        var role = await shop.RoleAsync();
        using var project = Project.With($".Execute($\"{sql}\")", "");

        var check = await shop.RunAsync(role, "check", "-a", project.Assembly);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains(message, check.Output, StringComparison.Ordinal);
        Assert.Contains("1 statement checked, 1 finding, 0 not checked.", check.Output, StringComparison.Ordinal);

        Assert.Equal(1, (await PrepareAsync(role, project)).ExitCode);
        var diagnostic = Assert.Single(project.Diagnostics());
        Assert.Equal(("PGD0040", place), (diagnostic.Id, diagnostic.Text));
        Assert.Contains(message, diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_IsNotRun()
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"CREATE SEQUENCE {role}.numbers; GRANT USAGE ON SEQUENCE {role}.numbers TO {role}");
        using var project = Project.With(".Execute(\"INSERT INTO orders SELECT nextval('numbers')\").Execute(\"DELETE FROM orders\")", "");
        await shop.Cluster.ExecuteAsync($"INSERT INTO {role}.orders VALUES (1); GRANT DELETE ON {role}.orders TO {role}");

        var run = await PrepareAsync(role, project);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal(1, await shop.Cluster.ScalarAsync<long>($"SELECT count(*) FROM {role}.orders"));
        Assert.Equal(1, await shop.Cluster.ScalarAsync<long>($"SELECT nextval('{role}.numbers')"));
    }

    private async Task<IReadOnlyList<JsonElement>> DescribeAsync(string role, string sql)
    {
        using var project = Project.With($".Execute({Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(sql, quote: true)})", "");
        var run = await PrepareAsync(role, project);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        return Entries(project);
    }

    private static IReadOnlyList<JsonElement> Entries(Project project) =>
        [.. JsonElement.Parse(File.ReadAllText(project.File)).GetProperty("statements").EnumerateArray()];

    private static string Columns(JsonElement entry) => string.Join(", ", entry.GetProperty("columns").EnumerateArray().Select(column =>
        $"{column.GetProperty("name").GetString()} {column.GetProperty("type").GetString()} "
        + (column.TryGetProperty("nullable", out var nullable) ? nullable.GetRawText() : "?")));

    private Task<ToolRun> PrepareAsync(string role, Project project, params string[] more) =>
        shop.RunAsync(role, ["prepare", "-a", project.Assembly, "-f", project.File, .. more]);
}
