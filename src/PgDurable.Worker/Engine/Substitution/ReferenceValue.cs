using System.Text.Json;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>What a reference stands for.</summary>
/// <param name="Json">The value; Null or Undefined only if the reference allows it.</param>
/// <param name="TypeName">The SQL type of the column that it came from, if known.</param>
/// <param name="Exact">The value in PostgreSQL's text form, if JSON can't represent it.</param>
internal readonly record struct ReferenceValue(JsonElement Json, string? TypeName, string? Exact = null)
{
    /// <summary>Whether it is SQL's NULL. A json column's null is not.</summary>
    public bool IsNull => Exact is null && Json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>Whether it is a text, or a NULL like that of <c>SELECT NULL</c>.</summary>
    public bool IsText => Exact is null && (TypeName is null
        ? Json.ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined
        : TypeNames.IsText(TypeName));

    /// <summary>The value with a type in any case.</summary>
    public ReferenceValue Typed() => TypeName is null && IsText ? this with { TypeName = TypeNames.Text } : this;

    /// <summary>As a person would type it: a number, true or false bare, everything else in quotes, without a type.</summary>
    /// <exception cref="SubstitutionException">The value can't be written in this form.</exception>
    public ReferenceValue Untyped(string reference)
    {
        var isPlain = IsNull || (Exact is null && (Json.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            || (Json.ValueKind == JsonValueKind.String && (TypeName is null || TypeNames.IsJson(TypeName)))));
        // Documents from outside may not be valid jsonb; they must not turn into text instead.
        if (!isPlain && TypeName is null && JsonText.MayBeInvalid(Json))
            throw new SubstitutionException(
                $"{reference} holds characters that a text can't have", "Clean the value where it enters the workflow.");
        return isPlain ? this with { TypeName = null } : new ReferenceValue(Json, null, PlainValue.TextOf(this, TypeName, reference));
    }

    /// <summary>The value of a column in a row.</summary>
    public static ReferenceValue Of(ResultColumn column, JsonElement row, int number)
    {
        row.TryGetProperty(column.Member, out var json);
        return new ReferenceValue(json, column.TypeName, column.Exact?.Of(number));
    }

    /// <summary>The value of a reference that isn't a row set.</summary>
    public static ReferenceValue Of(in Reference reference)
    {
        var root = RootOf(reference.Result, reference.ToString());
        if (reference.Result.TryGetRows(out var rows))
            return OfRows(reference, rows);
        if (reference.Field is not { } field)
            return Checked(reference, new ReferenceValue(root, null), $"{reference} is NULL");
        if (root.ValueKind == JsonValueKind.Null && reference.AllowsNull)
            return default;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new SubstitutionException(
                $"{reference}: result is neither a row set nor a JSON object",
                $"Write ${reference.Name} to use the whole result.");
        }
        return root.TryGetProperty(field, out var member) || reference.AllowsNull
            ? Checked(reference, new ReferenceValue(member, null), $"{reference} is NULL")
            : throw UnknownField(reference, root.EnumerateObject().Select(available => available.Name));
    }

    /// <summary>The value as people read it; NULL is empty.</summary>
    public string ToText(string reference) => Json.ValueKind == JsonValueKind.Null && !IsNull ? Exact! : JsonText.Plain(Json, reference);

    public static JsonElement RootOf(StepResult result, string reference)
    {
        try
        {
            return result.Root;
        }
        catch (JsonException)
        {
            throw new SubstitutionException($"{reference}: result is not valid JSON", "Only JSON results can be referred to.");
        }
    }

    static ReferenceValue OfRows(in Reference reference, JsonElement rows)
    {
        var column = ColumnOf(reference, rows);
        if (rows.GetArrayLength() == 0)
        {
            if (reference.AllowsNull)
                return new ReferenceValue(default, column?.TypeName);
            throw new SubstitutionException(
                $"${reference.Name} has no rows — query returned zero results",
                $"Write {reference}? to use NULL instead, or run the step only if ${reference.Name} has rows.");
        }
        if (column == null)
        {
            if (reference is { Field: not null, AllowsNull: true })
                return default;
            throw new SubstitutionException(
                $"{reference} has no columns — the query selects nothing", "Select a column in the step that the name belongs to.");
        }
        var message = reference.Field == null ? $"{reference} is NULL — first column of first row is NULL" : $"{reference} is NULL";
        return Checked(reference, Of(column, rows[0], 0), message);
    }

    /// <summary>The column that a reference names; null if it names none, or if a missing one is allowed.</summary>
    static ResultColumn? ColumnOf(in Reference reference, JsonElement rows)
    {
        if (reference.Result.Columns == null && rows.GetArrayLength() == 0)
            return null;
        var columns = reference.Result.ColumnsOrFirstRow();
        if (reference.Field is not { } field)
            return columns.Count == 0 ? null : columns[0];
        foreach (var column in columns)
        {
            if (column.Name == field)
                return column;
        }
        return reference.AllowsNull ? null : throw UnknownField(reference, columns.Select(available => available.Name));
    }

    static ReferenceValue Checked(in Reference reference, in ReferenceValue value, string nullMessage)
    {
        if (value.IsNull && !reference.AllowsNull)
            throw new SubstitutionException(nullMessage, $"Write {reference}? to allow NULL, or use coalesce where the value comes from.");
        return value;
    }

    static SubstitutionException UnknownField(in Reference reference, IEnumerable<string> names)
    {
        var available = string.Join(", ", names.Order(StringComparer.Ordinal));
        return new SubstitutionException(
            $"{reference}: result has no field '{reference.Field}' (available: {available})",
            $"Use one of the available fields, or let the step that produces ${reference.Name} return '{reference.Field}'.");
    }
}
