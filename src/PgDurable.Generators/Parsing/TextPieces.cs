using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Lowering;

namespace PgDurable.Generators.Parsing;

/// <summary>Takes a text apart into what is constant and its holes.</summary>
internal static class TextPieces
{
    /// <summary>Returns false for a text that is neither an interpolated string nor constant; the pieces are incomplete then.</summary>
    /// <remarks>
    /// An interpolated string is taken apart before constants are looked at: the compiler folds one whose holes are all constant strings,
    /// but a hole is a value and not text.
    /// </remarks>
    public static bool Split(ExpressionSyntax expression, Scope scope, List<SqlPiece> pieces) =>
        Split(expression, scope, pieces, out _);

    /// <param name="expression">The text.</param>
    /// <param name="scope">The names in it.</param>
    /// <param name="pieces">Takes the pieces.</param>
    /// <param name="unknown">What is not constant.</param>
    public static bool Split(
        ExpressionSyntax expression, Scope scope, List<SqlPiece> pieces, out ExpressionSyntax? unknown)
    {
        unknown = null;
        expression = expression.WithoutParentheses();
        if (expression is InterpolatedStringExpressionSyntax interpolated)
        {
            // A token's value still has its braces doubled, except in a raw string, where braces are never doubled.
            var doubled = interpolated.StringStartToken.Kind()
                is SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken;
            foreach (var content in interpolated.Contents)
            {
                if (content is InterpolationSyntax hole)
                    pieces.Add(new(hole));
                else if (content is InterpolatedStringTextSyntax { TextToken.ValueText: var text })
                    AddText(pieces, doubled ? text.Replace("{{", "{").Replace("}}", "}") : text);
            }

            return true;
        }

        if (expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum)
        {
            var isLeft = Split(sum.Left, scope, pieces, out var left);
            var isRight = Split(sum.Right, scope, pieces, out var right);
            unknown = left ?? right;
            return isLeft & isRight;
        }

        if (scope.TryConstant(expression, out var value, out _) && value is string constant)
        {
            AddText(pieces, constant);
            return true;
        }

        unknown = expression;
        return false;
    }

    private static void AddText(List<SqlPiece> pieces, string text)
    {
        if (text.Length == 0)
            return;
        if (pieces.Count > 0 && pieces[pieces.Count - 1] is { Hole: null } last)
            pieces[pieces.Count - 1] = new(last.Text + text);
        else
            pieces.Add(new(text));
    }
}
