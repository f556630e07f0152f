using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>What a step produced.</summary>
/// <param name="Json">For SQL <c>{"rows":[{…}],"row_count":n,"rows_affected":n}</c>, otherwise any JSON value.</param>
/// <param name="Columns">The columns of SQL rows; null if the result didn't come from SQL or its types aren't known.</param>
internal sealed record StepResult(string Json, IReadOnlyList<ResultColumn>? Columns)
{
    // More than PostgreSQL's stack allows at its usual size. A limit, because parsing time grows with the square of the depth.
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 20_000 };

    // Most results are never read here, and some are read by several steps. Parsing twice in a race is harmless.
    Parsed? _parsed;

    StepResult(StepResult original)
    {
        Json = original.Json;
        Columns = original.Columns;
    }

    /// <exception cref="JsonException">The result isn't JSON.</exception>
    public JsonElement Root => Parse().Root;

    /// <summary>Gets the rows of a SQL result; false for any other JSON value.</summary>
    /// <remarks>Without columns, it takes the row count too to tell a SQL result from a payload that has a member called rows.</remarks>
    public bool TryGetRows(out JsonElement rows)
    {
        var parsed = Parse();
        rows = parsed.Rows;
        return parsed.HasRows;
    }

    /// <summary>The columns as declared; otherwise those of the first row.</summary>
    public IReadOnlyList<ResultColumn> ColumnsOrFirstRow()
    {
        if (Columns != null)
            return Columns;
        return TryGetRows(out var rows) && rows.GetArrayLength() > 0
            ? [.. rows[0].EnumerateObject().Select(member => new ResultColumn(member.Name, null))]
            : [];
    }

    public bool Equals(StepResult? other) =>
        other != null
        && Json == other.Json
        && (Columns == null ? other.Columns == null : other.Columns != null && Columns.SequenceEqual(other.Columns));

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    Parsed Parse()
    {
        try
        {
            return _parsed ??= new Parsed(JsonElement.Parse(Json, Options), Columns != null);
        }
        catch (InvalidOperationException exception)
        {
            // A member whose name is half of a surrogate pair: the json type accepts it, but text can't hold it.
            throw new JsonException(exception.Message, exception);
        }
    }

    sealed class Parsed
    {
        public Parsed(JsonElement root, bool hasColumns)
        {
            Root = root;
            HasRows = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("rows", out var rows)
                && IsRowArray(rows)
                && (hasColumns || (root.TryGetProperty("row_count", out var count) && count.ValueKind == JsonValueKind.Number));
            if (HasRows)
                Rows = root.GetProperty("rows");
        }

        public JsonElement Root { get; }

        public JsonElement Rows { get; }

        public bool HasRows { get; }

        static bool IsRowArray(JsonElement rows)
        {
            if (rows.ValueKind != JsonValueKind.Array)
                return false;
            foreach (var row in rows.EnumerateArray())
                return row.ValueKind == JsonValueKind.Object;
            return true;
        }
    }
}
