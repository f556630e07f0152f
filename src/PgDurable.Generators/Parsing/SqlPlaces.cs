using PgDurable.Sql;

namespace PgDurable.Generators.Parsing;

/// <summary>Finds the place of each interpolation in a SQL text, which decides what the interpolation may become.</summary>
internal static class SqlPlaces
{
    /// <summary>Stands for an interpolation in a text. Only quotes and comments make it part of a token.</summary>
    public const char Placeholder = '\x01';

    /// <summary>The place of each interpolation, in order.</summary>
    public static IReadOnlyList<SqlPlace> Of(string text)
    {
        var places = new List<SqlPlace>();
        Collect(text, places);
        return places;
    }

    private static void Collect(string text, List<SqlPlace> places)
    {
        var lexer = new SqlLexer(text);
        var names = new NamePlaces(text);
        while (lexer.Read(out var token))
        {
            names.Read(token);
            // The text between dollar quotes is substituted as SQL, so it is read as SQL.
            if (token.Kind == SqlTokenKind.DollarString)
            {
                Collect(text.Substring(token.ContentStart, token.ContentEnd - token.ContentStart), places);
                continue;
            }

            for (var i = token.Start; i < token.End; i++)
            {
                if (text[i] == Placeholder)
                    places.Add(Of(token.Kind) is var place && place == SqlPlace.Plain && names.IsName ? SqlPlace.Name : place);
            }
        }
    }

    private static SqlPlace Of(SqlTokenKind kind) => kind switch
    {
        SqlTokenKind.String or SqlTokenKind.NationalString or SqlTokenKind.UnicodeString => SqlPlace.Literal,
        SqlTokenKind.EscapeString => SqlPlace.EscapeLiteral,
        SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier => SqlPlace.Identifier,
        SqlTokenKind.LineComment or SqlTokenKind.BlockComment or SqlTokenKind.BitString or SqlTokenKind.HexString => SqlPlace.Untouched,
        _ => SqlPlace.Plain,
    };
}
