using System.Text;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>References between quotes: the value's text becomes part of the literal or the identifier.</summary>
internal static class QuotedText
{
    readonly record struct Piece(int Start, int End, string Value, bool FollowsEscape);

    /// <summary>The token with its references replaced; null if it has none.</summary>
    /// <remarks>A literal stands alone if it neither continues another one nor is continued by one.</remarks>
    public static string? Replace(string sql, SqlToken token, IReadOnlyDictionary<string, StepResult> names, bool standsAlone)
    {
        var pieces = Find(sql, token, names);
        if (pieces == null)
            return null;
        return token.Kind switch
        {
            SqlTokenKind.QuotedIdentifier => CheckName(Write(sql, token, pieces), sql, token),
            // If E'…' is possible, a backslash in a value means itself, whatever standard_conforming_strings is.
            SqlTokenKind.String when standsAlone && pieces.Exists(piece => piece.Value.Contains('\\')) => WriteAsEscape(sql, token, pieces),
            _ => Write(sql, token, pieces),
        };
    }

    static List<Piece>? Find(string sql, SqlToken token, IReadOnlyDictionary<string, StepResult> names)
    {
        List<Piece>? pieces = null;
        var escapeEnd = -1;
        for (var i = token.ContentStart; i < token.ContentEnd;)
        {
            if (sql[i] == '\\' && token.Kind == SqlTokenKind.EscapeString)
            {
                var takesDigits = EscapeSequence.TakesDigits(sql, i, token.ContentEnd);
                i = EscapeSequence.EndOf(sql, i, token.ContentEnd);
                escapeEnd = takesDigits ? i : -1;
            }
            else if (sql[i] == '$' && Reference.TryRead(sql, i, token.ContentEnd, names, out var reference))
            {
                if (token.Kind is SqlTokenKind.UnicodeString or SqlTokenKind.UnicodeIdentifier)
                    throw NotInUnicode(reference);
                (pieces ??= []).Add(new Piece(i, reference.End, TextOf(reference), i == escapeEnd));
                i = reference.End;
            }
            else
            {
                i++;
            }
        }
        return pieces;
    }

    /// <summary>NULL is empty text here: quotes leave no other way to write it.</summary>
    static string TextOf(in Reference reference) => reference.IsRowSet
        ? JsonText.Compact(RowSet.Rows(reference))
        : ReferenceValue.Of(reference).ToText(reference.ToString());

    static string Write(string sql, SqlToken token, List<Piece> pieces)
    {
        var target = new StringBuilder();
        var copied = token.Start;
        foreach (var piece in pieces)
        {
            target.Append(sql, copied, piece.Start - copied);
            var value = piece.Value;
            if (piece.FollowsEscape && EscapeSequence.WouldTake(value))
            {
                EscapeSequence.AppendCharacter(target, value[0]);
                value = value[1..];
            }
            SqlQuote.AppendBody(target, value, token.Kind);
            copied = piece.End;
        }
        return target.Append(sql, copied, token.End - copied).ToString();
    }

    static string WriteAsEscape(string sql, SqlToken token, List<Piece> pieces)
    {
        var target = new StringBuilder();
        // Right after a name, the prefix would become part of it.
        if (token.Start > 0 && SqlCharacters.IsNamePart(sql[token.Start - 1]))
            target.Append(' ');
        target.Append("E'");
        var copied = token.ContentStart;
        foreach (var piece in pieces)
        {
            AppendDoubled(target, sql, copied, piece.Start);
            SqlQuote.AppendBody(target, piece.Value, SqlTokenKind.EscapeString);
            copied = piece.End;
        }
        AppendDoubled(target, sql, copied, token.ContentEnd);
        return target.Append(sql, token.ContentEnd, token.End - token.ContentEnd).ToString();
    }

    static void AppendDoubled(StringBuilder target, string sql, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (sql[i] == '\\')
                target.Append('\\');
            target.Append(sql[i]);
        }
    }

    static string CheckName(string name, string sql, SqlToken token) => name != "\"\""
        ? name
        : throw new SubstitutionException(
            $"{token.TextIn(sql)} is an empty name after substitution", "Make sure that the value is not empty where it names something.");

    static SubstitutionException NotInUnicode(in Reference reference) => new(
        $"{reference} can't be used inside U&'…' or U&\"…\"", $"Concatenate instead: U&'…' || {reference}.");
}
