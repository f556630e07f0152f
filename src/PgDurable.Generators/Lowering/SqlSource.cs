using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Where the SQL of a step comes from in C#.</summary>
/// <param name="expression">The text in C#.</param>
/// <param name="scope">The names in it.</param>
/// <param name="values">The interpolations, in order.</param>
internal sealed class SqlSource(ExpressionSyntax expression, Scope scope, IReadOnlyList<SqlValue> values)
{
    public ExpressionSyntax Expression => expression;

    public IReadOnlyList<SqlValue> Values => values;

    /// <summary>The C# type of an interpolation; null if it isn't known.</summary>
    public ITypeSymbol? TypeOf(SqlValue value) => scope.TypeOf(value.Syntax.Expression);

    /// <summary>The SQL with <see cref="SqlPlaces.Placeholder"/> for each interpolation.</summary>
    public string WithPlaceholders(string sql)
    {
        var text = new StringBuilder();
        var copied = 0;
        foreach (var value in values)
        {
            text.Append(sql, copied, value.Start - copied).Append(SqlPlaces.Placeholder);
            copied = value.End;
        }

        return text.Append(sql, copied, sql.Length - copied).ToString();
    }

    /// <summary>Where a part of the SQL is written.</summary>
    public Location LocationOf(int position, int length)
    {
        var (at, next) = (0, 0);
        foreach (var leaf in Leaves(expression))
        {
            if (leaf is InterpolationSyntax interpolation)
            {
                at = values[next++].End;
                if (position < at)
                    return interpolation.GetLocation();
                continue;
            }

            var value = ValueOf(leaf) ?? (scope.TryConstant((ExpressionSyntax)leaf, out var constant, out _) ? constant as string : null);
            if (value is null)
                return expression.GetLocation();
            if (position < at + value.Length)
                return SpanIn(leaf, value, position - at, Math.Min(length, at + value.Length - position)) ?? leaf.GetLocation();
            at += value.Length;
        }

        return expression.GetLocation();
    }

    // A value's lines are parts of the source's lines, unless they contain escapes.
    private static Location? SpanIn(SyntaxNode leaf, string value, int position, int length)
    {
        if (leaf is not (InterpolatedStringTextSyntax or LiteralExpressionSyntax))
            return null;
        var source = leaf.ToString();
        var (start, found) = (0, 0);
        foreach (var line in value.Split('\n'))
        {
            found = source.IndexOf(line, found, StringComparison.Ordinal);
            if (found < 0)
                return null;
            if (position <= start + line.Length)
            {
                var span = new TextSpan(leaf.SpanStart + found + position - start, Math.Max(1, length));
                return leaf.Span.Contains(span) ? Location.Create(leaf.SyntaxTree, span) : null;
            }

            start += line.Length + 1;
            found += line.Length;
        }

        return null;
    }

    private static string? ValueOf(SyntaxNode leaf) => leaf switch
    {
        InterpolatedStringTextSyntax text => TextPieces.ValueOf(text),
        LiteralExpressionSyntax { Token.Value: string value } => value,
        _ => null,
    };

    private static IEnumerable<SyntaxNode> Leaves(ExpressionSyntax expression) => expression.WithoutParentheses() switch
    {
        InterpolatedStringExpressionSyntax interpolated => interpolated.Contents,
        BinaryExpressionSyntax sum => Leaves(sum.Left).Concat(Leaves(sum.Right)),
        var other => [other],
    };
}
