using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers the text of a URL, a header or a message, where references stand for text.</summary>
/// <param name="flow">The flow.</param>
/// <param name="scope">The names that the text can use.</param>
/// <param name="hoist">Computes what is no reference.</param>
/// <param name="encodedFrom">The first piece whose value is encoded as a part of a URL; null if none is.</param>
internal sealed class TextLowering(FlowModel flow, Scope scope, Hoist hoist, int? encodedFrom = null)
{
    private readonly ValueResolver _values = new(flow);

    /// <summary>Returns null after reporting what can't be lowered.</summary>
    public string? Lower(ExpressionSyntax expression)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new TextLowering(flow, source, hoist, encodedFrom).Lower(expression);
        var pieces = new List<SqlPiece>();
        if (!TextPieces.Split(expression, scope, pieces))
        {
            // A value on its own, such as the value of a header.
            return new ExpressionLowering(flow, scope).Lower(expression) is { } sql ? Reference(expression) ?? hoist.Text(sql) : null;
        }

        return InPlace(pieces) ?? Computed(pieces, expression);
    }

    /// <summary>The text as a SQL expression; null after reporting what can't be lowered.</summary>
    public string? Sql(ExpressionSyntax expression)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new TextLowering(flow, source, hoist, encodedFrom).Sql(expression);
        var pieces = new List<SqlPiece>();
        return TextPieces.Split(expression, scope, pieces)
            ? Concatenated(pieces, expression, 0)
            : new ExpressionLowering(flow, scope).Lower(expression) is { } sql ? $"({sql})::text" : null;
    }

    private string? Reference(ExpressionSyntax expression) =>
        _values.Resolve(expression, scope) switch
        {
            // NULL would become the word NULL.
            Binding.Value { IsPlain: true, MayBeNull: false } value => value.Reference,
            Binding.Row { MayBeMissing: false } row when !TypeParser.IsRecord(row.Type) && !row.Type.MayBeNull() => "$" + row.Name,
            _ => null,
        };

    /// <summary>The text with references in it; null if a part of it can't be a reference.</summary>
    private string? InPlace(List<SqlPiece> pieces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Interpolation is not { } interpolation)
            {
                if (pieces[i].Text.IndexOfAny(['$', '{']) >= 0)
                    return null;
                text.Append(pieces[i].Text);
            }
            else if (interpolation.AlignmentClause is not null || interpolation.FormatClause is not null)
            {
                return null;
            }
            else if (IsConstant(interpolation.Expression, out var constant))
            {
                if (Text(constant) is not { } value || value.IndexOfAny(['$', '{']) >= 0)
                    return null;
                text.Append(value);
            }
            else if (!IsEncoded(pieces, i) && Reference(UrlPart.Bare(interpolation.Expression, scope)) is { } reference
                && !IsContinued(pieces, i, reference))
            {
                text.Append(reference);
            }
            else
            {
                return null;
            }
        }

        return text.ToString();
    }

    private bool IsConstant(ExpressionSyntax expression, out Constant constant)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        return ConstantReader.TryRead(source, expression, out constant);
    }

    // After the scheme comes the server.
    private bool IsEncoded(List<SqlPiece> pieces, int index) =>
        index >= encodedFrom && UrlPart.IsEncoded(pieces[index].Interpolation!.Expression, scope)
        && !(index == 1 && pieces[0].Text.EndsWith("://", StringComparison.Ordinal));

    private static bool IsContinued(List<SqlPiece> pieces, int index, string reference)
    {
        if (index + 1 == pieces.Count)
            return false;
        var next = pieces[index + 1];
        if (next.Interpolation is not null || next.Text.Length == 0)
            return next.Interpolation is not null;
        var isWord = next.Text.Length > 1 && SqlCharacters.IsTagPart(next.Text[1]);
        return SqlCharacters.IsTagPart(next.Text[0]) || next.Text[0] == '?'
            || (next.Text[0] == '.' && reference.IndexOf('.') < 0 && (isWord || next.Text.StartsWith(".*", StringComparison.Ordinal)));
    }

    private string? Computed(List<SqlPiece> pieces, ExpressionSyntax place)
    {
        // The path below an endpoint begins with a slash in the graph, where it is checked.
        var slash = encodedFrom == 0 && pieces[0].Text.StartsWith("/", StringComparison.Ordinal) ? "/" : "";
        return Concatenated(pieces, place, slash.Length) is { } sql ? slash + hoist.Text(sql) : null;
    }

    private string? Concatenated(List<SqlPiece> pieces, ExpressionSyntax place, int skipped)
    {
        var parts = new List<string>();
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            if (piece.Interpolation is not { } interpolation)
            {
                var text = i == 0 ? piece.Text.Substring(skipped) : piece.Text;
                if (text.Length == 0)
                    continue;
                if (SqlLiteral.TryWrite(new(text, EnumMember: null), SqlPlace.Plain, out var literal) is { } problem)
                {
                    flow.Reporter.Report(Descriptors.Constant, place.GetLocation(), piece.Text, problem);
                    return null;
                }

                parts.Add(literal);
            }
            else if (((SyntaxNode?)interpolation.FormatClause ?? interpolation.AlignmentClause) is { } format)
            {
                flow.Reporter.Report(Descriptors.Format, format.GetLocation(), format);
                return null;
            }
            else if (new ExpressionLowering(flow, scope).Lower(UrlPart.Bare(interpolation.Expression, scope)) is { } sql)
            {
                parts.Add(IsEncoded(pieces, i) ? $"df.url_encode({sql})" : sql);
            }
            else
            {
                return null;
            }
        }

        return $"concat({string.Join(", ", parts)})";
    }

    /// <summary>A constant as text.</summary>
    public static string? Text(Constant constant) => constant.EnumMember ?? constant.Value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };
}
