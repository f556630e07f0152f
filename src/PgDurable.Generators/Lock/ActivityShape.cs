using System.Text;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Lock;

/// <summary>
/// The forms of an activity's input and result. As text: <c>(account: text, note: text?, lines: [(sku: text)]) -> (id: uuid)</c>.
/// </summary>
internal sealed record ActivityShape(Shape Input, Shape? Result)
{
    /// <summary>Stands between the input and the result.</summary>
    public const string Arrow = " -> ";

    public static ActivityShape Of(ActivitySpec activity) =>
        new(Of(activity.Input, activity, []), activity.Result is { } result ? Of(result, activity, []) : null);

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, Input);
        if (Result is null)
            return text.ToString();
        Append(text.Append(Arrow), Result);
        return text.ToString();
    }

    private static Shape Of(ValueSpec value, ActivitySpec activity, List<int> around)
    {
        var mayBeNull = value.Nullable != Nullability.None;
        switch (value.Kind)
        {
            case ValueKind.Array or ValueKind.List:
                return new Shape.List(Of(value.Element!, activity, around), mayBeNull);
            case ValueKind.Record when around.IndexOf(value.Record) is >= 0 and var place:
                return new Shape.Outer(around.Count - place, mayBeNull);
            case ValueKind.Record:
                List<int> inner = [.. around, value.Record];
                return new Shape.Object(
                    [.. activity.Records[value.Record].Readable.Select(member => (member.Column, Of(member.Value, activity, inner)))],
                    mayBeNull);
            default:
                return new Shape.Scalar(KindOf(value), mayBeNull);
        }
    }

    private static string KindOf(ValueSpec value) => value.Reader switch
    {
        "Boolean" => "boolean",
        "Decimal" or "Double" or "Single" => "number",
        "Guid" => "uuid",
        "DateTime" or "DateTimeOffset" => "timestamp",
        "DateOnly" => "date",
        "TimeOnly" => "time",
        "TimeSpan" => "interval",
        "Bytes" => "bytes",
        "Json" => "json",
        // An enum that is stored as text has no reader.
        "String" or "Char" or "" => "text",
        _ => "integer",
    };

    private static void Append(StringBuilder text, Shape shape)
    {
        switch (shape)
        {
            case Shape.Scalar scalar:
                text.Append(scalar.Kind);
                break;
            case Shape.List list:
                Append(text.Append('['), list.Element);
                text.Append(']');
                break;
            case Shape.Outer outer:
                text.Append('^').Append(outer.Levels);
                break;
            case Shape.Object value:
                text.Append('(');
                for (var i = 0; i < value.Members.Count; i++)
                    Append(text.Append(i > 0 ? ", " : "").Append(NameOf(value.Members[i].Name)).Append(": "), value.Members[i].Shape);
                text.Append(')');
                break;
        }

        if (shape.MayBeNull)
            text.Append('?');
    }

    private static string NameOf(string name) =>
        name.Length > 0 && name.All(ShapeReader.IsNamePart) ? name : $"'{name.Replace("'", "''")}'";
}
