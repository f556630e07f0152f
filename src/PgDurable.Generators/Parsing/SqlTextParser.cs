using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Lowering;
using PgDurable.Sql;

namespace PgDurable.Generators.Parsing;

/// <summary>Lowers the SQL of one step: text stays as it is, each hole becomes a reference or a literal.</summary>
internal sealed class SqlTextParser(FlowModel flow, Scope scope)
{
    private readonly List<SqlPiece> _pieces = [];

    /// <summary>Returns the SQL; null after reporting what is wrong with it.</summary>
    public string? Parse(ExpressionSyntax expression)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new SqlTextParser(flow, source).Parse(expression);
        if (!TextPieces.Split(expression, scope, _pieces, out var unknown))
        {
            flow.Reporter.Report(Descriptors.Concatenation, unknown!.GetLocation(), unknown);
            return null;
        }

        if (_pieces.All(piece => piece.Hole is null && string.IsNullOrWhiteSpace(piece.Text)))
        {
            flow.Reporter.Report(Descriptors.EmptySql, expression.GetLocation());
            return null;
        }

        var text = string.Concat(_pieces.Select(piece => piece.Hole is null ? piece.Text : SqlPlaces.Hole.ToString()));
        var problem = text.IndexOf('\0') >= 0 ? "PostgreSQL can't store the character NUL" : SqlStatements.Check(text);
        if (problem is not null)
        {
            flow.Reporter.Report(Descriptors.InvalidStatement, expression.GetLocation(), problem);
            return null;
        }

        return Lower(SqlPlaces.Of(text));
    }

    private string? Lower(IReadOnlyList<SqlPlace> places)
    {
        var sql = new StringBuilder();
        var holes = new HoleParser(flow, scope);
        var (hole, complete) = (0, true);
        for (var i = 0; i < _pieces.Count; i++)
        {
            if (_pieces[i].Hole is not { } syntax)
            {
                sql.Append(_pieces[i].Text);
                continue;
            }

            var place = places[hole++];
            var before = i == 0 ? "" : SourceOf(_pieces[i - 1]);
            var after = i == _pieces.Count - 1 ? "" : SourceOf(_pieces[i + 1]);
            if (holes.Parse(syntax, place) is { } rendered && StandsAlone(syntax, rendered, before, after, place))
                sql.Append(rendered);
            else
                complete = false;
        }

        return complete ? sql.ToString() : null;
    }

    private static string SourceOf(SqlPiece piece) => piece.Hole?.ToString() ?? piece.Text;

    /// <summary>Whether the text on both sides leaves the rendered hole what it is.</summary>
    private bool StandsAlone(InterpolationSyntax hole, string rendered, string before, string after, SqlPlace place)
    {
        var previous = before.Length == 0 ? ' ' : before[before.Length - 1];
        var next = after.Length == 0 ? ' ' : after[0];
        if (place == SqlPlace.Plain)
        {
            // Two values side by side, or a value and a word, are never SQL, and 'a''b' would be one literal. A brace is another hole.
            if (SqlCharacters.IsNamePart(next) || next is '{' or '\'' or '"' or '.' or '?')
                return Fail(hole, next);
            if (SqlCharacters.IsNamePart(previous) || previous is '}' or '\'' or '"')
                return Fail(hole, previous);
            return true;
        }

        var isReference = rendered.Length > 0 && rendered[0] == '$';
        if (isReference && SqlCharacters.IsTagPart(rendered[rendered.Length - 1]))
        {
            if (SqlCharacters.IsTagPart(next) || next == '?')
                return Fail(hole, next);

            // A reference has one level: only `$name` can be continued by `.word` or `.*`, `$name.column` can't.
            if (next == '.' && rendered.IndexOf('.') < 0 && after.Length > 1 && (SqlCharacters.IsTagPart(after[1]) || after[1] == '*'))
                return Fail(hole, next);
        }

        return place != SqlPlace.EscapeLiteral || !EndsInEscape(before) || Fail(hole, previous);
    }

    private static bool EndsInEscape(string before)
    {
        var backslashes = 0;
        while (backslashes < before.Length && before[before.Length - 1 - backslashes] == '\\')
            backslashes++;
        return backslashes % 2 == 1;
    }

    private bool Fail(InterpolationSyntax hole, char neighbour)
    {
        flow.Reporter.Report(Descriptors.Adjacent, hole.GetLocation(), hole, neighbour);
        return false;
    }
}
