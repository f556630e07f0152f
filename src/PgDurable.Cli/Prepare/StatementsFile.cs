using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgDurable.Cli.Prepare;

/// <summary>The file that the analyzers read: what the server said about each statement.</summary>
internal static class StatementsFile
{
    public const string DefaultPath = ".pgdurable/statements.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It doesn't exist, or isn't what <see cref="Write"/> writes.</exception>
    public static IReadOnlyList<StatementEntry> Read(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new UsageException(
                $"The file {file.FullName} doesn't exist. Run 'pgdurable prepare' without --check, and commit the file.");
        }

        try
        {
            var entries = JsonSerializer.Deserialize<Content>(File.ReadAllText(file.FullName), Json)!.Statements;
            return entries.DistinctBy(entry => entry.Sql).Count() == entries.Count
                ? entries
                : throw new JsonException("a statement has two entries");
        }
        catch (JsonException error)
        {
            throw new UsageException($"The file {file.FullName} can't be read: {error.Message} Run 'pgdurable prepare' to write it again.");
        }
    }

    /// <summary>Writes the file: one column or parameter per line, so that changes made by different people merge.</summary>
    public static void Write(FileInfo file, IEnumerable<StatementEntry> entries)
    {
        var json = new StringBuilder("{\n  \"statements\": [");
        json.AppendJoin(',', entries.Select(entry => "\n    {" + string.Join(",", Members(entry)) + "\n    }"));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, json.Append("\n  ]\n}\n").ToString());
    }

    private static IEnumerable<string> Members(StatementEntry entry)
    {
        yield return Member("sql", entry.Sql);
        if (entry.Parameters is not null)
            yield return List("parameters", entry.Parameters);
        if (entry.Columns is not null)
            yield return List("columns", entry.Columns);
        if (entry.Error is not null)
            yield return Member("error", entry.Error);
        if (entry.NotDescribed is not null)
            yield return Member("not_described", entry.NotDescribed);
    }

    private static string Member<T>(string name, T value) => $"\n      \"{name}\": {JsonSerializer.Serialize(value, Json)}";

    private static string List<T>(string name, IReadOnlyList<T> items) => items.Count == 0
        ? $"\n      \"{name}\": []"
        : $"\n      \"{name}\": [{string.Join(",", items.Select(item => $"\n        {JsonSerializer.Serialize(item, Json)}"))}\n      ]";

    private sealed record Content(IReadOnlyList<StatementEntry> Statements);
}
