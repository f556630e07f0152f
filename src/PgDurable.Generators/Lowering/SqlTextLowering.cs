using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers the SQL of one step: text stays as it is, and each interpolation becomes a reference or a literal.</summary>
internal sealed class SqlTextLowering(FlowModel flow, Scope scope)
{
    private readonly List<SqlPiece> _pieces = [];
    private readonly List<SqlValue> _values = [];

    /// <summary>Where the lowered SQL comes from.</summary>
    public SqlSource? Source { get; private set; }

    /// <summary>Returns the SQL; null after reporting what is wrong with it.</summary>
    public string? Lower(ExpressionSyntax expression)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
        {
            var followed = new SqlTextLowering(flow, source);
            var lowered = followed.Lower(expression);
            Source = followed.Source;
            return lowered;
        }

        Source = new(expression, scope, _values);
        if (!TextPieces.Split(expression, scope, _pieces, out var unknown))
        {
            flow.Reporter.Report(Descriptors.Concatenation, unknown!.GetLocation(), unknown);
            return null;
        }

        if (_pieces.All(piece => piece.Interpolation is null && string.IsNullOrWhiteSpace(piece.Text)))
        {
            flow.Reporter.Report(Descriptors.EmptySql, expression.GetLocation());
            return null;
        }

        var text = string.Concat(_pieces.Select(piece => piece.Interpolation is null ? piece.Text : SqlPlaces.Placeholder.ToString()));
        var problem = text.IndexOf('\0') >= 0 ? "PostgreSQL can't store the character NUL" : SqlStatements.Check(text);
        if (problem is not null)
        {
            flow.Reporter.Report(Descriptors.InvalidStatement, expression.GetLocation(), problem);
            return null;
        }

        return LowerPieces(SqlPlaces.Of(text));
    }

    private string? LowerPieces(IReadOnlyList<SqlPlace> places)
    {
        var sql = new StringBuilder();
        var lowering = new InterpolationLowering(flow, scope);
        var (next, complete) = (0, true);
        for (var i = 0; i < _pieces.Count; i++)
        {
            if (_pieces[i].Interpolation is not { } syntax)
            {
                sql.Append(_pieces[i].Text);
                continue;
            }

            var place = places[next++];
            var before = i == 0 ? "" : SourceOf(_pieces[i - 1]);
            var after = i == _pieces.Count - 1 ? "" : SourceOf(_pieces[i + 1]);
            if (lowering.Lower(syntax, place, before, after) is { } rendered && StandsAlone(syntax, rendered, before, after, place))
            {
                _values.Add(new(syntax, sql.Length, sql.Length + rendered.Length));
                sql.Append(rendered);
            }
            else
            {
                complete = false;
            }
        }

        return complete ? sql.ToString() : null;
    }

    private static string SourceOf(SqlPiece piece) => piece.Interpolation?.ToString() ?? piece.Text;

    /// <summary>Whether the text on both sides leaves the meaning of the rendered interpolation alone.</summary>
    private bool StandsAlone(InterpolationSyntax interpolation, string rendered, string before, string after, SqlPlace place)
    {
        var previous = before.Length == 0 ? ' ' : before[before.Length - 1];
        var next = after.Length == 0 ? ' ' : after[0];
        if (place is SqlPlace.Plain or SqlPlace.Name)
        {
            // Two values side by side, or a value and a word, are never SQL, and 'a''b' would be one literal. A brace begins or ends
            // another interpolation.
            // Only a name can go on after a dot.
            if (SqlCharacters.IsNamePart(next) || next is '{' or '\'' or '"' or '?' || (next == '.' && rendered[0] != '"'))
                return Fail(interpolation, next);
            if (SqlCharacters.IsNamePart(previous) || previous is '}' or '\'' or '"')
                return Fail(interpolation, previous);
            return true;
        }

        var isReference = rendered.Length > 0 && rendered[0] == '$';
        if (isReference && SqlCharacters.IsTagPart(rendered[rendered.Length - 1]))
        {
            if (SqlCharacters.IsTagPart(next) || next == '?')
                return Fail(interpolation, next);

            // A reference has one level: `.word` or `.*` can continue `$name`, but not `$name.column`.
            if (next == '.' && rendered.IndexOf('.') < 0 && after.Length > 1 && (SqlCharacters.IsTagPart(after[1]) || after[1] == '*'))
                return Fail(interpolation, next);
        }

        return place != SqlPlace.EscapeLiteral || !EndsInEscape(before) || Fail(interpolation, previous);
    }

    private static bool EndsInEscape(string before)
    {
        var backslashes = 0;
        while (backslashes < before.Length && before[before.Length - 1 - backslashes] == '\\')
            backslashes++;
        return backslashes % 2 == 1;
    }

    private bool Fail(InterpolationSyntax interpolation, char neighbour)
    {
        flow.Reporter.Report(Descriptors.Adjacent, interpolation.GetLocation(), interpolation, neighbour);
        return false;
    }
}
