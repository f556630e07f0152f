using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Splits a text into constant pieces and interpolations.</summary>
internal static class TextPieces
{
    /// <summary>Returns false, with incomplete pieces, if the text is neither an interpolated string nor a constant.</summary>
    /// <remarks>
    /// Interpolated strings are split before constants are read: the compiler folds one whose interpolations are all constant strings, but
    /// an interpolation is a value and not text.
    /// </remarks>
    public static bool Split(ExpressionSyntax expression, Scope scope, List<SqlPiece> pieces) =>
        Split(expression, scope, pieces, out _);

    /// <param name="expression">The text.</param>
    /// <param name="scope">The names in it.</param>
    /// <param name="pieces">The list to add the pieces to.</param>
    /// <param name="unknown">The part that isn't constant.</param>
    public static bool Split(
        ExpressionSyntax expression, Scope scope, List<SqlPiece> pieces, out ExpressionSyntax? unknown)
    {
        unknown = null;
        expression = expression.WithoutParentheses();
        if (expression is InterpolatedStringExpressionSyntax interpolated)
        {
            foreach (var content in interpolated.Contents)
            {
                if (content is InterpolationSyntax interpolation)
                    pieces.Add(new(interpolation));
                else if (content is InterpolatedStringTextSyntax text)
                    AddText(pieces, ValueOf(text));
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

    /// <summary>The text between two interpolations.</summary>
    public static string ValueOf(InterpolatedStringTextSyntax syntax)
    {
        // A token's value still has its braces doubled, except in a raw string, where braces are never doubled.
        var text = syntax.TextToken.ValueText;
        return syntax.Parent is InterpolatedStringExpressionSyntax { StringStartToken.RawKind: var start }
            && (SyntaxKind)start is SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
                ? text.Replace("{{", "{").Replace("}}", "}")
                : text;
    }

    private static void AddText(List<SqlPiece> pieces, string text)
    {
        if (text.Length == 0)
            return;
        if (pieces.Count > 0 && pieces[pieces.Count - 1] is { Interpolation: null } last)
            pieces[pieces.Count - 1] = new(last.Text + text);
        else
            pieces.Add(new(text));
    }
}
