using System.Text;

namespace PgDurable.Worker.Store.Results;

/// <summary>Reads PostgreSQL's text form of arrays, <c>{1,NULL,"a b",{…}}</c>, part by part.</summary>
internal ref struct ArrayText
{
    readonly string _text;
    readonly char _delimiter;
    int _position;
    int _depth;
    bool _started;

    public ArrayText(string text, char delimiter)
    {
        _text = text;
        _delimiter = delimiter;
        // JSON has no place for explicit lower bounds, as in [0:2]={1,2,3}.
        if (text.StartsWith('['))
            _position = text.IndexOf('=') + 1;
    }

    internal enum Part
    {
        Start,
        Element,
        Null,
        End,

        /// <summary>Nothing is left.</summary>
        Done,

        /// <summary>It isn't an array, or its type has another delimiter.</summary>
        Malformed,
    }

    /// <summary>Whether the text is an array from its start to its end.</summary>
    public static bool IsValid(string text, char delimiter)
    {
        var parts = new ArrayText(text, delimiter);
        Part part;
        do
            part = parts.Read(out _);
        while (part is not (Part.Done or Part.Malformed));
        return part == Part.Done;
    }

    public Part Read(out string element)
    {
        element = "";
        if (_position >= _text.Length)
            return _depth == 0 && _started ? Part.Done : Part.Malformed;
        if (_depth == 0 && _text[_position] != '{')
            return Part.Malformed;
        switch (_text[_position])
        {
            case '{':
                _position++;
                _depth++;
                _started = true;
                return Part.Start;
            case '}':
                _position++;
                _depth--;
                return SkipDelimiter() ? Part.End : Part.Malformed;
            case '"':
                return ReadQuoted(out element) && SkipDelimiter() ? Part.Element : Part.Malformed;
            default:
                return ReadBare(out element);
        }
    }

    /// <summary>After an element, or after the end of an inner array.</summary>
    bool SkipDelimiter()
    {
        if (_depth == 0)
            return _position == _text.Length;
        if (_position == _text.Length)
            return false;
        if (_text[_position] == _delimiter)
        {
            _position++;
            return _position < _text.Length && _text[_position] != '}';
        }
        return _text[_position] == '}';
    }

    bool ReadQuoted(out string element)
    {
        var start = ++_position;
        var plainEnd = _text.AsSpan(start).IndexOfAny('"', '\\');
        if (plainEnd >= 0 && _text[start + plainEnd] == '"')
        {
            _position = start + plainEnd + 1;
            element = _text.Substring(start, plainEnd);
            return true;
        }
        var target = new StringBuilder();
        for (; _position < _text.Length && _text[_position] != '"'; _position++)
        {
            if (_text[_position] == '\\' && ++_position == _text.Length)
                break;
            target.Append(_text[_position]);
        }
        element = target.ToString();
        return _position++ < _text.Length;
    }

    /// <summary>PostgreSQL quotes every element that would need escapes, so an unquoted element ends at the next mark.</summary>
    Part ReadBare(out string element)
    {
        var start = _position;
        while (_position < _text.Length && _text[_position] != _delimiter && _text[_position] is not ('{' or '}' or '"' or '\\'))
            _position++;
        element = _text[start.._position];
        if (element.Length == 0 || !SkipDelimiter())
            return Part.Malformed;
        return element == "NULL" ? Part.Null : Part.Element;
    }
}
