using System.Text;
using System.Text.Json;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Replaces references outside SQL: in URLs, bodies, headers and messages. Values are inserted as people read them.</summary>
internal static class RawSubstitution
{
    /// <exception cref="SubstitutionException">A reference to a known name can't be replaced.</exception>
    public static string Substitute(string text, IReadOnlyDictionary<string, StepResult> names, InstanceFacts facts)
    {
        var source = Variables.Replace(text, facts);
        StringBuilder? target = null;
        var copied = 0;
        for (var i = source.IndexOf('$', StringComparison.Ordinal); i >= 0; i = source.IndexOf('$', i))
        {
            if (!Reference.TryRead(source, i, source.Length, names, out var reference))
            {
                if (++i == source.Length)
                    break;
                continue;
            }
            (target ??= new StringBuilder()).Append(source, copied, i - copied).Append(Text(reference));
            i = copied = reference.End;
            if (i == source.Length)
                break;
        }
        return target is null ? source : target.Append(source, copied, source.Length - copied).ToString();
    }

    /// <summary>The value of a text that is exactly one reference or variable; otherwise null.</summary>
    public static string? WholeValue(string text, IReadOnlyDictionary<string, StepResult> names, InstanceFacts facts)
    {
        if (text is ['{', .., '}'])
            return Variables.Find(text[1..^1], facts);
        return TryWhole(text, names, out var reference) ? Text(reference) : null;
    }

    public static bool TryWhole(string text, IReadOnlyDictionary<string, StepResult> names, out Reference reference)
    {
        reference = default;
        return text.Length > 1 && text[0] == '$'
            && Reference.TryRead(text, 0, text.Length, names, out reference) && reference.End == text.Length;
    }

    /// <summary>What a reference stands for, as JSON; rows are an array of objects.</summary>
    public static JsonElement Value(in Reference reference)
    {
        if (!reference.IsRowSet)
            return ReferenceValue.Of(reference).Json;
        ReferenceValue.RootOf(reference.Result, reference.ToString());
        return reference.Result.TryGetRows(out var rows)
            ? rows
            : throw new SubstitutionException($"{reference} — invalid result format", "Only the result of a SQL step has rows.");
    }

    private static string Text(in Reference reference)
    {
        if (reference.IsRowSet)
            return JsonText.Plain(Value(reference), reference.ToString());
        var value = ReferenceValue.Of(reference);
        return value.IsNull ? "NULL" : value.ToText(reference.ToString());
    }
}
