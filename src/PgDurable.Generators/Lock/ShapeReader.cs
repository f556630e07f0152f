using System.Text;

namespace PgDurable.Generators.Lock;

/// <summary>Reads the text of an <see cref="ActivityShape"/>.</summary>
internal sealed class ShapeReader
{
    // Deeper than any type that somebody writes.
    private const int MaxDepth = 256;

    private readonly string _text;
    private int _position;
    private int _depth;

    private ShapeReader(string text) => _text = text;

    /// <summary>Returns null for a text that isn't a shape.</summary>
    public static ActivityShape? Read(string text)
    {
        var reader = new ShapeReader(text);
        if (reader.Value() is not { } input)
            return null;
        var hasResult = reader.Take(ActivityShape.Arrow);
        var result = hasResult ? reader.Value() : null;
        return reader._position == text.Length && hasResult == result is not null ? new(input, result) : null;
    }

    /// <summary>Whether a character can stand in a name without quotes.</summary>
    public static bool IsNamePart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_';

    private Shape? Value()
    {
        if (++_depth > MaxDepth)
            return null;
        Shape? shape = Take("(") ? Members() : Take("[") ? List() : Take("^") ? Outer() : Scalar();
        _depth--;
        return shape is not null && Take("?") ? shape with { MayBeNull = true } : shape;
    }

    private Shape.Object? Members()
    {
        var members = new List<(string Name, Shape Shape)>();
        while (!Take(")"))
        {
            if ((members.Count > 0 && !Take(", ")) || Name() is not { } name || !Take(": ") || Value() is not { } value)
                return null;
            members.Add((name, value));
        }

        return new(members, MayBeNull: false);
    }

    private Shape.List? List() => Value() is { } element && Take("]") ? new(element, MayBeNull: false) : null;

    private Shape.Outer? Outer() => int.TryParse(Word(), out var levels) ? new(levels, MayBeNull: false) : null;

    private Shape.Scalar? Scalar() => Word() is { Length: > 0 } kind ? new(kind, MayBeNull: false) : null;

    private string? Name()
    {
        if (!Take("'"))
            return Word() is { Length: > 0 } word ? word : null;
        var name = new StringBuilder();
        while (_position < _text.Length)
        {
            if (Take("''"))
                name.Append('\'');
            else if (Take("'"))
                return name.ToString();
            else
                name.Append(_text[_position++]);
        }

        return null;
    }

    private string Word()
    {
        var start = _position;
        while (_position < _text.Length && IsNamePart(_text[_position]))
            _position++;
        return _text.Substring(start, _position - start);
    }

    private bool Take(string expected)
    {
        if (string.CompareOrdinal(_text, _position, expected, 0, expected.Length) != 0)
            return false;
        _position += expected.Length;
        return true;
    }
}
