using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PgDurable.Dashboard.Http;
using PgDurable.Graph;

namespace PgDurable.Dashboard.Pages.Parts;

/// <summary>A field of a form for an input or for the data of a signal.</summary>
/// <param name="Name">The member of the JSON object.</param>
/// <param name="Type">The SQL type that the workflow reads it as, or null.</param>
/// <param name="IsRequired">Whether the workflow fails without it.</param>
internal sealed record FormField(string Name, string? Type, bool IsRequired);

/// <summary>Forms made of what a graph reads: <c>$input.order_id::bigint</c> is a number that has to be there.</summary>
internal static partial class FormFields
{
    /// <summary>The fields of the input.</summary>
    public static IReadOnlyList<FormField> OfInput(WorkflowGraph graph) => Read(graph, "input", References());

    /// <summary>The signals that a graph waits for, with the fields of their data.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<FormField>> OfSignalsOf(WorkflowGraph graph)
    {
        var signals = new SortedDictionary<string, IReadOnlyList<FormField>>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (node.Config is NodeConfig.Signal signal)
                signals[signal.Name] = node.ResultName is null ? [] : Read(graph, node.ResultName, SignalReferences());
        }

        return signals;
    }

    /// <summary>The JSON of a form's fields, or of its box for JSON if that was filled in.</summary>
    /// <exception cref="RefusedException">A field can't be read as its type.</exception>
    public static string? Json(Question question, IReadOnlyList<FormField> fields)
    {
        if (question.Field("json") is { } json)
        {
            try
            {
                using var _ = JsonDocument.Parse(json);
                return json;
            }
            catch (JsonException error)
            {
                throw new RefusedException(400, "That isn't JSON", error.Message, "Go back, and mend it. Nothing was changed.");
            }
        }

        var missing = fields
            .Where(field => field.IsRequired && question.Field($"field.{field.Name}") is null)
            .Select(field => field.Name)
            .ToList();
        if (missing.Count > 0)
        {
            throw new RefusedException(
                400, "Something is missing", $"The workflow needs {string.Join(", ", missing)}.",
                "Go back, and fill it in. Nothing was changed.");
        }

        var members = new JsonObject();
        foreach (var (name, value) in question.Fields("field."))
        {
            if (value.Length > 0)
                members[name] = Value(name, value, fields.FirstOrDefault(field => field.Name == name)?.Type);
        }

        return members.Count == 0 ? null : members.ToJsonString();
    }

    private static JsonNode? Value(string name, string text, string? type)
    {
        try
        {
            return type switch
            {
                "bigint" or "integer" or "smallint" or "numeric" or "real" or "double" => Number(text),
                "boolean" => JsonValue.Create(bool.Parse(text)),
                "jsonb" or "json" => JsonNode.Parse(text),
                // Its type is not known: what looks like JSON is JSON.
                null => ParsedOrText(text),
                _ => JsonValue.Create(text),
            };
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw new RefusedException(
                400, "That can't be read", $"The field \"{name}\" must be of type {type}.", "Go back, and mend it. Nothing was changed.");
        }
    }

    // As it was written: a number may have more digits than any type of .NET.
    private static JsonNode? Number(string text) => NumberText().IsMatch(text) ? JsonNode.Parse(text) : throw new FormatException();

    private static JsonNode? ParsedOrText(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static List<FormField> Read(WorkflowGraph graph, string name, Regex references)
    {
        var fields = new List<FormField>();
        foreach (var query in graph.Nodes.Select(node => node.Query).OfType<string>())
        {
            foreach (Match match in references.Matches(query))
            {
                if (match.Groups["name"].Value != name)
                    continue;
                var field = new FormField(
                    match.Groups["field"].Value, match.Groups["type"] is { Success: true, Value: var type } ? type : null,
                    !match.Groups["optional"].Success);
                var place = fields.FindIndex(other => other.Name == field.Name);
                if (place < 0)
                    fields.Add(field);
                else
                    fields[place] = new(field.Name, fields[place].Type ?? field.Type, fields[place].IsRequired || field.IsRequired);
            }
        }

        return fields;
    }

    [GeneratedRegex(
        @"\$(?<name>[A-Za-z_][A-Za-z0-9_]*)\.(?<field>[A-Za-z_][A-Za-z0-9_]*)(?<optional>\?)?(?:::(?<type>[a-z]+))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex References();

    // ($approval.data?::jsonb ->> 'approved')::boolean; a member that isn't there is NULL.
    [GeneratedRegex(
        @"\$(?<name>[A-Za-z_][A-Za-z0-9_]*)\.data\??\)?::jsonb(?<optional>\)?\s*->>?\s*)'(?<field>[^']+)'\)?(?:::(?<type>[a-z]+))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex SignalReferences();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberText();
}
