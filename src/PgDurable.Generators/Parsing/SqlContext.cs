namespace PgDurable.Generators.Parsing;

/// <summary>
/// Follows a SQL text piece by piece and knows what the end of the last piece is part of: what a hole may become depends on that.
/// </summary>
internal sealed class SqlContext
{
    private int _commentDepth;
    private string _dollarTag = "";

    public SqlPlace Place { get; private set; }

    /// <summary>Whether the character can continue a reference such as <c>$order.total</c>.</summary>
    public static bool IsReferenceChar(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_';

    /// <summary>Whether the character can be part of a SQL word.</summary>
    public static bool IsWordChar(char c) => IsReferenceChar(c) || c is '$' or > '\x7f';

    public void Read(string text)
    {
        for (var i = 0; i < text.Length;)
            i = Place == SqlPlace.Plain ? ReadPlain(text, i) : ReadInside(text, i);
    }

    private int ReadPlain(string text, int i)
    {
        var next = i + 1 < text.Length ? text[i + 1] : '\0';
        switch (text[i])
        {
            case '\'':
                Place = IsEscapePrefix(text, i - 1) ? SqlPlace.EscapeLiteral : SqlPlace.Literal;
                return i + 1;
            case '"':
                Place = SqlPlace.Identifier;
                return i + 1;
            case '-' when next == '-':
                Place = SqlPlace.LineComment;
                return i + 2;
            case '/' when next == '*':
                Place = SqlPlace.BlockComment;
                _commentDepth = 1;
                return i + 2;
            case '$' when (i == 0 || !IsWordChar(text[i - 1])) && DollarTagAt(text, i) is { } tag:
                Place = SqlPlace.DollarBody;
                _dollarTag = tag;
                return i + tag.Length;
            default:
                return i + 1;
        }
    }

    private int ReadInside(string text, int i)
    {
        var next = i + 1 < text.Length ? text[i + 1] : '\0';
        switch (Place)
        {
            case SqlPlace.EscapeLiteral when text[i] == '\\':
                return i + 2;
            case SqlPlace.Literal or SqlPlace.EscapeLiteral when text[i] == '\'':
                return CloseUnlessDoubled(i, next == '\'');
            case SqlPlace.Identifier when text[i] == '"':
                return CloseUnlessDoubled(i, next == '"');
            case SqlPlace.LineComment when text[i] is '\n' or '\r':
                Place = SqlPlace.Plain;
                return i + 1;
            case SqlPlace.BlockComment when text[i] == '/' && next == '*':
                _commentDepth++;
                return i + 2;
            case SqlPlace.BlockComment when text[i] == '*' && next == '/':
                if (--_commentDepth == 0)
                    Place = SqlPlace.Plain;
                return i + 2;
            case SqlPlace.DollarBody when string.CompareOrdinal(text, i, _dollarTag, 0, _dollarTag.Length) == 0:
                Place = SqlPlace.Plain;
                return i + _dollarTag.Length;
            default:
                return i + 1;
        }
    }

    private int CloseUnlessDoubled(int i, bool doubled)
    {
        if (doubled)
            return i + 2;
        Place = SqlPlace.Plain;
        return i + 1;
    }

    private static bool IsEscapePrefix(string text, int i) => i >= 0 && text[i] is 'e' or 'E' && (i == 0 || !IsWordChar(text[i - 1]));

    private static string? DollarTagAt(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '$')
                return text.Substring(start, i + 1 - start);
            if (!IsWordChar(text[i]) || (i == start + 1 && text[i] is >= '0' and <= '9'))
                return null;
        }

        return null;
    }
}
