using System.Text.Json;
using System.Text.Json.Serialization;
using PgDurable.Generators.Tests.Statements;

namespace PgDurable.Generators.Tests.CodeFixes;

/// <summary>The record of a step is written from the columns that the server described.</summary>
public sealed class RecordFixTests
{
    private const string Title = "Write the record 'Order' from the statement's columns";

    /// <summary>The id, the record before, the columns, and the record after.</summary>
    public static TheoryData<string, string, string, string> Records => new()
    {
        {
            "PGD2006", "public sealed record Order(long OrderId, decimal Total, string? Note);",
            Columns(("order_id", "bigint", false), ("amount", "numeric", null), ("note", "text", true)),
            "public sealed record Order(long OrderId, decimal? Amount, string? Note);"
        },
        {
            "PGD2007", "public sealed record Order(long OrderId, decimal Total);",
            Columns(("order_id", "bigint", false), ("total", "boolean", false)),
            "public sealed record Order(long OrderId, bool Total);"
        },
        {
            "PGD0041", "public sealed record Order([Column(\"id\")] int OrderId, int Total = 1);",
            Columns(("id", "integer", true), ("total", "bigint", false)),
            "public sealed record Order([Column(\"id\")] int? OrderId, int Total = 1);"
        },
        {
            "CS0246", "",
            Columns(("order_id", "bigint", false), ("at", "timestamp with time zone", true), ("tags", "text[]", false)),
            "public sealed record Order(long OrderId, DateTimeOffset? At, string[] Tags);"
        },
        {
            "CS0246", "", Columns(("a\"b\n", "integer", false), ("?column?", "jsonb", null), ("?column?", "uuid", null)),
            """public sealed record Order([Column("a\"b\n")] int AB, [Column("?column?")] Guid? Column);"""
        },
        {
            "CS0246", "", Columns(("1", "date", null), ("to_string", "x.y", null), ("Order", "boolean", null), ("]}", "bytea", null)),
            "public sealed record Order([Column(\"1\")] DateOnly? Column1, [Column(\"to_string\")] string? ToString2, "
                + "[Column(\"Order\")] bool? Order2, [Column(\"]}\")] byte[]? Column);"
        },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Record_IsWritten(string id, string record, string columns, string expected)
    {
        var source = StatementTests.Source.Replace(
            "public sealed record Order(long OrderId, decimal Total, string? Note);", record, StringComparison.Ordinal);

        var (changed, _, _) = await FixRun.ApplyAsync(source, id, Title, statements: File(columns));

        Assert.Contains($"    {expected}\n", changed, StringComparison.Ordinal);
        var errors = GeneratorRun.Of(changed).Output.GetDiagnostics()
            .Where(each => each.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Step_WithoutAnEntry_HasNoFix()
    {
        var source = StatementTests.Source.Replace("order_id, total, note FROM", "order_id FROM", StringComparison.Ordinal);

        var (_, _, titles) = await FixRun.ApplyAsync(source, "PGD2006", statements: File(Columns(("x", "text", null))));

        Assert.Empty(titles);
    }

    private static string File(string columns) => StatementTests.File(StatementTests.Entry(
        "SELECT order_id, total, note FROM orders WHERE order_id = $input.order_id", StatementTests.Described(columns)));

    private static string Columns(params (string Name, string Type, bool? Nullable)[] columns) => JsonSerializer.Serialize(
        columns.Select(column => new { name = column.Name, type = column.Type, nullable = column.Nullable }), IgnoreNull);

    private static readonly JsonSerializerOptions IgnoreNull = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
