using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Sql;

namespace PgDurable.Generators.Parsing;

/// <summary>Lowers the SQL of one step: text stays as it is, each hole becomes a reference or a literal.</summary>
internal sealed class SqlTextParser(SemanticModel model, IMethodSymbol define, Reporter reporter, CancellationToken ct)
{
    private readonly List<SqlPiece> _pieces = [];

    /// <summary>Returns the SQL; null after reporting what is wrong with it.</summary>
    public string? Parse(ExpressionSyntax expression)
    {
        if (!Split(expression.WithoutParentheses()))
            return null;
        if (_pieces.All(piece => piece.Hole is null && string.IsNullOrWhiteSpace(piece.Text)))
        {
            reporter.Report(Descriptors.EmptySql, expression.GetLocation());
            return null;
        }

        var text = string.Concat(_pieces.Select(piece => piece.Hole is null ? piece.Text : SqlPlaces.Hole.ToString()));
        var problem = text.IndexOf('\0') >= 0 ? "PostgreSQL can't store the character NUL" : SqlStatements.Check(text);
        if (problem is not null)
        {
            reporter.Report(Descriptors.InvalidStatement, expression.GetLocation(), problem);
            return null;
        }

        return Lower(SqlPlaces.Of(text));
    }

    private string? Lower(IReadOnlyList<SqlPlace> places)
    {
        var sql = new StringBuilder();
        var holes = new HoleParser(model, define, reporter, ct);
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

    // An interpolated string is taken apart before constants are looked at: the compiler folds one whose holes are all constant strings,
    // but a hole is a value and not text.
    private bool Split(ExpressionSyntax expression)
    {
        if (expression is InterpolatedStringExpressionSyntax interpolated)
        {
            // A token's value still has its braces doubled, except in a raw string, where braces are never doubled.
            var doubled = interpolated.StringStartToken.Kind()
                is SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken;
            foreach (var content in interpolated.Contents)
            {
                if (content is InterpolationSyntax hole)
                    _pieces.Add(new(hole));
                else if (content is InterpolatedStringTextSyntax { TextToken.ValueText: var text })
                    AddText(doubled ? text.Replace("{{", "{").Replace("}}", "}") : text);
            }

            return true;
        }

        if (expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum)
            return Split(sum.Left.WithoutParentheses()) & Split(sum.Right.WithoutParentheses());

        if (model.GetConstantValue(expression, ct) is { HasValue: true, Value: string constant })
        {
            AddText(constant);
            return true;
        }

        reporter.Report(Descriptors.Concatenation, expression.GetLocation(), expression);
        return false;
    }

    private void AddText(string text)
    {
        if (text.Length == 0)
            return;
        if (_pieces.Count > 0 && _pieces[_pieces.Count - 1] is { Hole: null } last)
            _pieces[_pieces.Count - 1] = new(last.Text + text);
        else
            _pieces.Add(new(text));
    }

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
        reporter.Report(Descriptors.Adjacent, hole.GetLocation(), hole, neighbour);
        return false;
    }
}
