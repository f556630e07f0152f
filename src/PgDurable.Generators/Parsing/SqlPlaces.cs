using PgDurable.Sql;

namespace PgDurable.Generators.Parsing;

/// <summary>Finds out what each hole of a SQL text is part of: what it may become depends on that.</summary>
internal static class SqlPlaces
{
    /// <summary>Stands for a hole while the text is split into tokens: it is never part of a token but of quoted ones and comments.</summary>
    public const char Hole = '\x01';

    /// <summary>The place of each hole, in order.</summary>
    public static IReadOnlyList<SqlPlace> Of(string text)
    {
        var places = new List<SqlPlace>();
        var lexer = new SqlLexer(text);
        while (lexer.Read(out var token))
        {
            for (var i = token.Start; i < token.End; i++)
            {
                if (text[i] == Hole)
                    places.Add(Of(token.Kind));
            }
        }

        return places;
    }

    /// <summary>Whether the character can continue a reference such as <c>$order.total</c>.</summary>
    public static bool IsReferenceChar(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_';

    private static SqlPlace Of(SqlTokenKind kind) => kind switch
    {
        SqlTokenKind.String or SqlTokenKind.NationalString or SqlTokenKind.UnicodeString or SqlTokenKind.BitString or SqlTokenKind.HexString
            => SqlPlace.Literal,
        SqlTokenKind.EscapeString => SqlPlace.EscapeLiteral,
        SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier => SqlPlace.Identifier,
        SqlTokenKind.DollarString => SqlPlace.DollarBody,
        SqlTokenKind.LineComment or SqlTokenKind.BlockComment => SqlPlace.Comment,
        _ => SqlPlace.Plain,
    };
}
