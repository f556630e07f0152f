using System.Globalization;
using System.Text;
using PgDurable.Sql;

namespace PgDurable.Cli.Check;

/// <summary>A step's SQL with parameters in place of the values that the worker inserts, so that PostgreSQL can prepare it.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Types">The parameters' types. <see cref="Undecided"/> lets PostgreSQL infer the type.</param>
/// <param name="References">The reference that each parameter stands for, such as <c>$order.total</c>.</param>
/// <param name="Origin">The positions in the step's SQL.</param>
internal sealed record PreparedText(string Sql, IReadOnlyList<string> Types, IReadOnlyList<string> References, TextOrigin Origin)
{
    public const string Undecided = "unknown";

    /// <summary>Whether there are references between quotes, which only values can replace.</summary>
    public bool HasQuotedReferences { get; private init; }

    /// <summary>Replaces the references in a statement.</summary>
    /// <returns>The prepared text, or null if the statement can't be prepared without values.</returns>
    /// <exception cref="UnknownColumnException">A reference names a column that its step doesn't return.</exception>
    public static PreparedText? Of(string sql, IReadOnlyDictionary<string, Shape> names)
    {
        var text = new StringBuilder();
        var types = new List<string>();
        var references = new List<string>();
        var origin = new TextOrigin();
        var copied = 0;
        var hasQuoted = false;
        var lexer = new SqlLexer(sql);
        while (lexer.Read(out var token))
        {
            if (token.Kind != SqlTokenKind.Dollar)
            {
                hasQuoted |= IsQuoted(token.Kind) && names.Keys.Any(
                    name => sql.AsSpan(token.Start, token.End - token.Start).Contains("$" + name, StringComparison.Ordinal));
                continue;
            }

            var end = EndOfWord(sql, token.Start + 1);
            if (!names.TryGetValue(sql[(token.Start + 1)..end], out var shape))
                continue;
            var name = sql[(token.Start + 1)..end];
            origin.AddCopy(text.Length, copied);
            text.Append(sql, copied, token.Start - copied);
            origin.AddReplacement(text.Length, token.Start);
            if (end + 1 < sql.Length && sql[end] == '.' && sql[end + 1] == '*')
            {
                if (shape.Columns is not { Count: > 0 } columns)
                    return null;
                AppendTable(text, name, columns);
                end += 2;
            }
            else
            {
                string? field = null;
                if (end + 1 < sql.Length && sql[end] == '.' && EndOfField(sql, end + 1) is var fieldEnd && fieldEnd > end + 1)
                {
                    field = sql[(end + 1)..fieldEnd];
                    end = fieldEnd;
                }

                var reference = sql[token.Start..end];
                var allowsNull = end < sql.Length && sql[end] == '?';
                if (allowsNull)
                    end++;
                if (field is not null && shape.Fields?.GetValueOrDefault(field) is { } value)
                {
                    text.Append(value);
                }
                else
                {
                    types.Add(TypeOf(name, field, shape, allowsNull));
                    references.Add(reference);
                    text.Append(CultureInfo.InvariantCulture, $"(${types.Count})");
                }
            }

            copied = end;
            lexer.MoveTo(end);
        }

        origin.AddCopy(text.Length, copied);
        return new(text.Append(sql, copied, sql.Length - copied).ToString(), types, references, origin)
        {
            HasQuotedReferences = hasQuoted,
        };
    }

    /// <summary>Returns the readings that a worker tries, in this order: texts untyped, everything typed, everything untyped.</summary>
    public IEnumerable<PreparedText> Readings()
    {
        var natural = With(type => type is "text" or "character varying" ? Undecided : type);
        yield return natural;
        yield return natural.With(AsText);
        yield return With(AsText);
        yield return With(Untyped);
    }

    // An untyped number gets its type from its digits, which aren't known here, so assume the smallest.
    private static string Untyped(string type) => type switch
    {
        "smallint" or "integer" or "bigint" => "integer",
        "real" or "double precision" => "numeric",
        "boolean" => type,
        _ => Undecided,
    };

    // Where PostgreSQL can't infer a literal's type, it is text.
    private static string AsText(string type) => type == Undecided ? "pg_catalog.text" : type;

    private PreparedText With(Func<string, string> type) => this with { Types = [.. Types.Select(type)] };

    private static string TypeOf(string name, string? field, Shape shape, bool allowsNull)
    {
        if (shape.Columns is not { Count: > 0 } columns)
            return Undecided;
        if (field is null)
            return columns[0].Type;
        return columns.FirstOrDefault(column => column.Name == field).Type
            ?? (allowsNull
                ? Undecided
                : throw new UnknownColumnException(
                    $"${name}.{field}: the result of step '{name}' has no column '{field}' " +
                    $"(it has: {string.Join(", ", columns.Select(each => each.Name))})"));
    }

    // The table that the worker writes, but without values. It has two rows, because PostgreSQL would fold a single row into the query and
    // then miss errors that only occur if there are rows.
    private static void AppendTable(StringBuilder text, string name, IReadOnlyList<(string Name, string Type)> columns)
    {
        var row = string.Join(",", columns.Select(column => $"NULL::{column.Type}"));
        text.Append(CultureInfo.InvariantCulture, $"(VALUES ({row}), ({row})) AS {SqlQuote.Identifier(name)}")
            .Append('(').AppendJoin(',', columns.Select(column => SqlQuote.Identifier(column.Name))).Append(')');
    }

    private static bool IsQuoted(SqlTokenKind kind) => kind is SqlTokenKind.String or SqlTokenKind.EscapeString
        or SqlTokenKind.NationalString or SqlTokenKind.UnicodeString or SqlTokenKind.DollarString
        or SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier;

    private static int EndOfWord(string text, int position)
    {
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            position++;
        return position;
    }

    private static int EndOfField(string text, int position) => char.IsAsciiDigit(text[position]) ? position : EndOfWord(text, position);
}
