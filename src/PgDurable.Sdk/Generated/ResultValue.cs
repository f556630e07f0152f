using System.ComponentModel;
using System.Text.Json;

namespace PgDurable.Generated;

/// <summary>A value in a workflow's result, together with its location. Read by generated code.</summary>
/// <remarks>If a value can't be read, the error names the workflow, the column, what was expected and what was found.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly partial struct ResultValue
{
    private readonly JsonElement _json;
    private readonly string _workflow;
    private readonly string _path;

    private ResultValue(JsonElement json, string workflow, string path)
    {
        _json = json;
        _workflow = workflow;
        _path = path;
    }

    /// <summary>Whether the value is SQL NULL or missing from a JSON object.</summary>
    public bool IsNull => _json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>Reads the first row of a step's result.</summary>
    /// <typeparam name="T">The type of the row.</typeparam>
    /// <param name="result">The step's result.</param>
    /// <param name="workflow">The workflow's name, for messages.</param>
    /// <param name="read">Reads a row.</param>
    /// <returns>The row.</returns>
    public static T First<T>(JsonElement result, string workflow, Func<ResultValue, T> read)
    {
        var rows = RowsOf(result, workflow);
        return rows.GetArrayLength() > 0
            ? read(new(rows[0], workflow, ""))
            : throw new WorkflowResultException(
                $"Workflow '{workflow}' returned no row: the statement of its last step found or changed none. If that is not an " +
                "error, make the result nullable, or use Query.");
    }

    /// <summary>Reads the first row of a step's result, if there is one.</summary>
    /// <typeparam name="T">The type of the row, which must allow null.</typeparam>
    /// <param name="result">The step's result.</param>
    /// <param name="workflow">The workflow's name, for messages.</param>
    /// <param name="read">Reads a row.</param>
    /// <returns>The row, or null if there is none.</returns>
    public static T? FirstOrDefault<T>(JsonElement result, string workflow, Func<ResultValue, T> read)
    {
        var rows = RowsOf(result, workflow);
        return rows.GetArrayLength() > 0 ? read(new(rows[0], workflow, "")) : default;
    }

    /// <summary>Reads all rows of a step's result.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="result">The step's result.</param>
    /// <param name="workflow">The workflow's name, for messages.</param>
    /// <param name="read">Reads a row.</param>
    /// <returns>The rows, in the order in which the statement returned them.</returns>
    public static IReadOnlyList<T> All<T>(JsonElement result, string workflow, Func<ResultValue, T> read)
    {
        // The result of a ForEach is an array with one step result per item.
        if (result.ValueKind == JsonValueKind.Array)
            return [.. result.EnumerateArray().Select(item => First(item, workflow, read))];

        var rows = RowsOf(result, workflow);
        var list = new List<T>(rows.GetArrayLength());
        foreach (var row in rows.EnumerateArray())
            list.Add(read(new(row, workflow, "")));
        return list;
    }

    /// <summary>Gets a column of a row, or a member of a JSON object in a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <returns>The value. A missing member of a JSON object reads as null; a missing column throws.</returns>
    public ResultValue this[string name]
    {
        get
        {
            if (_json.ValueKind != JsonValueKind.Object)
                throw Unexpected("a JSON object");
            if (_json.TryGetProperty(name, out var value) || _path.Length > 0)
                return new(value, _workflow, _path.Length == 0 ? name : $"{_path}.{name}");

            var columns = string.Join(", ", _json.EnumerateObject().Select(column => column.Name));
            throw new WorkflowResultException(
                $"The result of workflow '{_workflow}' has no column '{name}'. It has: {columns}. Name the column in the SQL " +
                "(… AS " + name + ") or the property with [Column].");
        }
    }

    /// <summary>Gets the only column of a row.</summary>
    /// <returns>The value of the row's first column.</returns>
    public ResultValue FirstColumn()
    {
        foreach (var column in _json.EnumerateObject())
            return new(column.Value, _workflow, column.Name);
        throw new WorkflowResultException($"The result of workflow '{_workflow}' has no columns.");
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
            list.Add(read(new(element, _workflow, $"{_path}[{list.Count}]")));
        return list;
    }

    private static JsonElement RowsOf(JsonElement result, string workflow) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("rows", out var rows) && rows.ValueKind == JsonValueKind.Array
            ? rows
            : throw new WorkflowResultException(
                $"Workflow '{workflow}' should return the rows of a SQL step, but returned: {Excerpt(result)}");

    private WorkflowResultException Unexpected(string expected, Exception? inner = null)
    {
        var found = _json.ValueKind switch
        {
            JsonValueKind.Undefined => "nothing",
            JsonValueKind.Null => "NULL",
            _ => Excerpt(_json),
        };
        return new($"Column '{_path}' in the result of workflow '{_workflow}' should hold {expected}, but holds {found}.", inner);
    }

    private static string Excerpt(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= 100 ? text : text[..100] + "…";
    }
}
