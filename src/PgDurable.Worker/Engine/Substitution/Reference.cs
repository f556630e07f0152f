using System.Text.Json;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>One <c>$name</c> in a text, in any of its forms.</summary>
/// <param name="Name">The name, without the dollar.</param>
/// <param name="Result">The result that the name is bound to.</param>
/// <param name="Field">The column or member; null for the bare form.</param>
/// <param name="IsRowSet"><c>$name.*</c></param>
/// <param name="AllowsNull">Written with a question mark: a missing value means NULL.</param>
/// <param name="End">The position after it.</param>
internal readonly record struct Reference(string Name, StepResult Result, string? Field, bool IsRowSet, bool AllowsNull, int End)
{
    /// <summary>As it was written, without the question mark.</summary>
    public override string ToString() => IsRowSet ? $"${Name}.*" : Field == null ? $"${Name}" : $"${Name}.{Field}";

    /// <summary>Reads the reference that starts with the dollar at <paramref name="dollar"/>, if it names something known.</summary>
    public static bool TryRead(
        string text, int dollar, int end, IReadOnlyDictionary<string, StepResult> names, out Reference reference)
    {
        reference = default;
        // The longest name wins, and no name character may follow it: so it takes all of them.
        var nameEnd = EndOfWord(text, dollar + 1, end);
        if (nameEnd == dollar + 1 || !names.TryGetValue(text[(dollar + 1)..nameEnd], out var result))
            return false;

        var name = text[(dollar + 1)..nameEnd];
        var position = nameEnd;
        string? field = null;
        if (position + 1 < end && text[position] == '.')
        {
            if (text[position + 1] == '*')
            {
                reference = new Reference(name, result, null, IsRowSet: true, AllowsNull: false, position + 2);
                return true;
            }
            var fieldEnd = EndOfField(text, position + 1, end, result, name);
            if (fieldEnd > position + 1)
            {
                field = text[(position + 1)..fieldEnd];
                position = fieldEnd;
            }
        }
        var allowsNull = position < end && text[position] == '?';
        reference = new Reference(name, result, field, IsRowSet: false, allowsNull, allowsNull ? position + 1 : position);
        return true;
    }

    static int EndOfWord(string text, int start, int end)
    {
        var position = start;
        while (position < end && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            position++;
        return position;
    }

    /// <summary>
    /// Columns may have letters beyond ASCII, but in running text such a letter may also follow the reference:
    /// it belongs to the field if there is such a field, or none without it.
    /// </summary>
    static int EndOfField(string text, int start, int end, StepResult result, string name)
    {
        if (SqlCharacters.IsDigit(text[start]))
            return start;
        var wordEnd = EndOfWord(text, start, end);
        var longEnd = wordEnd;
        while (longEnd < end && SqlCharacters.IsTagPart(text[longEnd]))
            longEnd++;
        return longEnd > wordEnd
            && (HasField(result, name, text[start..longEnd]) || !HasField(result, name, text[start..wordEnd]))
                ? longEnd
                : wordEnd;
    }

    static bool HasField(StepResult result, string name, string field)
    {
        var root = ReferenceValue.RootOf(result, $"${name}.{field}");
        if (result.TryGetRows(out _))
            return result.ColumnsOrFirstRow().Any(column => column.Name == field);
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(field, out _);
    }
}
