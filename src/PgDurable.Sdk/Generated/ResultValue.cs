using System.ComponentModel;
using System.Text.Json;

namespace PgDurable.Generated;

/// <summary>A value in a workflow's result or in the JSON of an activity, together with its location. Read by generated code.</summary>
/// <remarks>If a value can't be read, the error names what it is part of, its place, what was expected and what was found.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly partial struct ResultValue
{
    private readonly JsonElement _json;
    private readonly string _source;
    private readonly string _path;

    // Rows have columns, which SQL names. Plain JSON has members, which may be missing if an older version wrote it.
    private readonly bool _isOfRow;

    private ResultValue(JsonElement json, string source, string path, bool isOfRow)
    {
        _json = json;
        _source = source;
        _path = path;
        _isOfRow = isOfRow;
    }

    /// <summary>Whether the value is SQL NULL, JSON null, or missing from a JSON object.</summary>
    public bool IsNull => _json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The whole of an activity's input or result.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="source">What it is, for messages: <c>the input of activity 'charge-card'</c>.</param>
    /// <returns>The value.</returns>
    public static ResultValue Of(JsonElement json, string source) => new(json, source, "", isOfRow: false);

    /// <summary>Reads the first row of a step's result, or the result itself if it is the plain JSON of an activity.</summary>
    /// <typeparam name="T">The type of the row.</typeparam>
    /// <param name="result">The step's result.</param>
    /// <param name="workflow">The workflow's name, for messages.</param>
    /// <param name="read">Reads a row, or the JSON of an activity's result.</param>
    /// <returns>The row.</returns>
    public static T First<T>(JsonElement result, string workflow, Func<ResultValue, T> read)
    {
        if (!TryGetRows(result, out var rows))
            return read(Of(result, SourceOf(workflow)));
        return rows.GetArrayLength() > 0
            ? read(OfRow(rows[0], workflow))
            : throw new WorkflowResultException(
                $"Workflow '{workflow}' returned no row: the statement of its last step found or changed none. If that is not an " +
                "error, make the result nullable, or use Query.");
    }

    /// <summary>Reads the first row of a step's result, if there is one, or the result itself if it is not rows.</summary>
    /// <typeparam name="T">The type of the row, which must allow null.</typeparam>
    /// <param name="result">The step's result.</param>
    /// <param name="workflow">The workflow's name, for messages.</param>
    /// <param name="read">Reads a row, or the JSON of an activity's result.</param>
    /// <returns>The row, or null if there is none or if the activity's result is null.</returns>
    public static T? FirstOrDefault<T>(JsonElement result, string workflow, Func<ResultValue, T> read)
    {
        if (!TryGetRows(result, out var rows))
            return result.ValueKind == JsonValueKind.Null ? default : read(Of(result, SourceOf(workflow)));
        return rows.GetArrayLength() > 0 ? read(OfRow(rows[0], workflow)) : default;
    }

    /// <summary>Reads all rows of a step's result, or all elements of a result that is a JSON array.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="result">The step's result.</param>
    /// <param name="workflow">The workflow's name, for messages.</param>
    /// <param name="read">Reads a row, or an element.</param>
    /// <returns>The rows, in the order in which the statement returned them, or the elements.</returns>
    public static IReadOnlyList<T> All<T>(JsonElement result, string workflow, Func<ResultValue, T> read)
    {
        if (TryGetRows(result, out var rows))
        {
            var list = new List<T>(rows.GetArrayLength());
            foreach (var row in rows.EnumerateArray())
                list.Add(read(OfRow(row, workflow)));
            return list;
        }

        // The result of a ForEach is an array with one step result per item. That of an activity has the values themselves.
        var source = SourceOf(workflow);
        return result.ValueKind == JsonValueKind.Array
            ? [.. result.EnumerateArray().Select((item, i) =>
                TryGetRows(item, out _) ? First(item, workflow, read) : read(new(item, source, $"[{i}]", isOfRow: false)))]
            : throw Of(result, source).Unexpected("rows or a JSON array");
    }

    /// <summary>Gets a column of a row, or a member of a JSON object.</summary>
    /// <param name="name">The column's name.</param>
    /// <returns>The value. A missing member of a JSON object reads as null; a missing column throws.</returns>
    public ResultValue this[string name]
    {
        get
        {
            if (_json.ValueKind != JsonValueKind.Object)
                throw Unexpected("a JSON object");
            if (_json.TryGetProperty(name, out var value) || _path.Length > 0 || !_isOfRow)
                return new(value, _source, _path.Length == 0 ? name : $"{_path}.{name}", _isOfRow);

            var columns = string.Join(", ", _json.EnumerateObject().Select(column => column.Name));
            throw new WorkflowResultException(
                $"{Start(_source)} has no column '{name}'. It has: {columns}. Name the column in the SQL " +
                "(… AS " + name + ") or the property with [Column].");
        }
    }

    /// <summary>Gets the only column of a row.</summary>
    /// <returns>The value of the row's first column; the value itself if it is not a row.</returns>
    public ResultValue FirstColumn()
    {
        if (!_isOfRow)
            return this;
        foreach (var column in _json.EnumerateObject())
            return new(column.Value, _source, column.Name, _isOfRow);
        throw new WorkflowResultException($"{Start(_source)} has no columns.");
    }

    /// <summary>Reads a nullable value type.</summary>
    /// <typeparam name="T">The value type.</typeparam>
    /// <param name="read">Reads a value that isn't null.</param>
    /// <returns>The value or null.</returns>
    public T? OrNull<T>(Func<ResultValue, T> read)
        where T : struct => IsNull ? null : read(this);

    /// <summary>Reads a nullable reference type.</summary>
    /// <typeparam name="T">The reference type.</typeparam>
    /// <param name="read">Reads a value that isn't null.</param>
    /// <returns>The value or null.</returns>
    public T? OrDefault<T>(Func<ResultValue, T> read)
        where T : class => IsNull ? null : read(this);

    /// <summary>Reads a JSON array.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="read">Reads an element.</param>
    /// <returns>The elements.</returns>
    public T[] Array<T>(Func<ResultValue, T> read) => List(read).ToArray();

    /// <summary>Reads a JSON array.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="read">Reads an element.</param>
    /// <returns>The elements.</returns>
    public List<T> List<T>(Func<ResultValue, T> read)
    {
        if (_json.ValueKind != JsonValueKind.Array)
            throw Unexpected("a JSON array");

        var list = new List<T>(_json.GetArrayLength());
        foreach (var element in _json.EnumerateArray())
            list.Add(read(new(element, _source, $"{_path}[{list.Count}]", _isOfRow)));
        return list;
    }

    private static ResultValue OfRow(JsonElement row, string workflow) => new(row, SourceOf(workflow), "", isOfRow: true);

    private static string SourceOf(string workflow) => $"the result of workflow '{workflow}'";

    // The engine tells a SQL result from other JSON in the same way.
    private static bool TryGetRows(JsonElement result, out JsonElement rows)
    {
        rows = default;
        return result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("rows", out rows) && rows.ValueKind == JsonValueKind.Array
            && result.TryGetProperty("row_count", out var count) && count.ValueKind == JsonValueKind.Number
            && rows.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Object);
    }

    private WorkflowResultException Unexpected(string expected, Exception? inner = null)
    {
        var found = _json.ValueKind switch
        {
            JsonValueKind.Undefined => "nothing",
            JsonValueKind.Null => _isOfRow ? "NULL" : "null",
            _ => Excerpt(_json),
        };
        if (_path.Length == 0)
            return new($"{Start(_source)} should be {expected}, but is {found}.", inner);
        var place = _isOfRow ? $"Column '{_path}' in" : $"Member '{_path}' of";
        return new($"{place} {_source} should hold {expected}, but holds {found}.", inner);
    }

    private static string Start(string source) => char.ToUpperInvariant(source[0]) + source[1..];

    private static string Excerpt(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= 100 ? text : text[..100] + "…";
    }
}
