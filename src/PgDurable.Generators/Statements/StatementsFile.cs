using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using PgDurable.Generators.Files;
using static PgDurable.Generators.Files.JsonFile;

namespace PgDurable.Generators.Statements;

/// <summary>The statements that <c>pgdurable prepare</c> described.</summary>
internal sealed class StatementsFile
{
    /// <summary>The file, relative to the project.</summary>
    public const string Name = ".pgdurable/statements.json";

    private readonly Dictionary<string, StatementEntry> _entries = new(StringComparer.Ordinal);

    private StatementsFile()
    {
    }

    public IEnumerable<StatementEntry> Entries => _entries.Values;

    /// <summary>Whether a file is this one.</summary>
    public static bool Is(AdditionalText file) => IsPath(file.Path);

    /// <summary>Whether a path is that of this file.</summary>
    public static bool IsPath(string? path) => path is not null && (path.Replace('\\', '/') is var slashes)
        && (slashes == Name || slashes.EndsWith("/" + Name, StringComparison.Ordinal));

    /// <summary>The entry of a statement; null if it has none. It is the same however lines end.</summary>
    public StatementEntry? Find(string sql) => _entries.TryGetValue(sql.Replace("\r\n", "\n"), out var entry) ? entry : null;

    /// <summary>Returns the problem, or null and the file's content.</summary>
    public static FileProblem? Read(string text, out StatementsFile content)
    {
        content = new();
        if (JsonFile.Read(text, out var root) is { } problem)
            return problem;
        if (root is null || !IsObject(root) || root.Element("statements") is not { } statements || !IsArray(statements))
            return new(0, "it must be an object with a member 'statements' that is an array");

        // Inside a string, the quotes would be escaped.
        var places = Regex.Matches(text, "(?<!\\\\)\"sql\"\\s*:");
        var next = 0;
        foreach (var statement in statements.Elements())
        {
            var line = next < places.Count ? text.Take(places[next].Index).Count(c => c == '\n') : 0;
            if (String(statement, "sql") is not { } sql)
                return new(line, "a statement must be an object with a member 'sql' that is a string");
            next++;
            if (ReadEntry(statement, sql, line) is not { } entry)
                return new(line, "the entry of this statement isn't what 'pgdurable prepare' writes");
            if (content.Find(sql) is not null)
                return new(line, "there are two entries for this statement");
            content._entries.Add(sql, entry);
        }

        return null;
    }

    private static StatementEntry? ReadEntry(XElement statement, string sql, int line)
    {
        var entry = new StatementEntry(sql, line);
        if (statement.Element("error") is { } error)
        {
            var position = error.Element("position")?.Value;
            return String(error, "message") is not { } message
                ? null
                : entry with
                {
                    Error = String(error, "hint") is { } hint ? $"{message}. {hint}" : message,
                    ErrorPosition = int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? number - 1
                        : null,
                };
        }

        if (String(statement, "not_described") is not null)
            return entry;
        if (statement.Element("columns") is not { } columns || !IsArray(columns)
            || statement.Element("parameters") is not { } parameters || !IsArray(parameters)
            || columns.Elements().Concat(parameters.Elements()).Any(item => String(item, "name") is null || String(item, "type") is null))
            return null;
        return entry with
        {
            Columns = [.. columns.Elements().Select(column => new DescribedColumn(
                String(column, "name")!, String(column, "type")!,
                column.Element("nullable")?.Value is { } value ? value == "true" : null))],
            Parameters = parameters.Elements()
                .ToLookup(item => String(item, "name")!, item => String(item, "type")!, StringComparer.Ordinal),
        };
    }

    private static string? String(XElement owner, string name) =>
        IsObject(owner) && owner.Element(name) is { } value && IsString(value) ? value.Value : null;

    private static bool IsArray(XElement element) => element.Attribute("type")?.Value == "array";
}
