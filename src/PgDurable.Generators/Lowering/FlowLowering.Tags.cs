using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Names;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>Tags of the instance.</summary>
internal sealed partial class FlowLowering
{
    private GraphNode? Tag(StepCall call)
    {
        var key = Settings.Text(call["key"]!, TagKey.Problem);
        var value = call["value"] is { } given ? TagValue(given) : "NULL";
        return key is null || value is null ? null : Compose.Sql($"SELECT {TagCall("$sys_instance_id", key, value)}");
    }

    /// <summary>A step that gives the instance the tags in its input; null if there are none.</summary>
    public GraphNode? InputTags(ParameterSyntax input, IReadOnlyList<(string Key, IPropertySymbol Property)> tags)
    {
        // df.tag returns the id.
        var sql = tags.Aggregate("$sys_instance_id", (id, tag) => TagCall(id, tag.Key, TagValue(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, SyntaxFactory.IdentifierName(input.Identifier),
            SyntaxFactory.IdentifierName(tag.Property.Name)))!));
        if (tags.Count == 0)
            return null;
        var node = Compose.Sql("SELECT " + sql);
        Locate(node, input);
        return node;
    }

    private static string TagCall(string id, string key, string value) => $"df.tag({id}, {SqlQuote.Literal(key)}, {value})";

    private string? TagValue(ExpressionSyntax value)
    {
        if (scope.TypeOf(value) is { } type && SqlType.IsComposite(type))
        {
            flow.Reporter.Report(Descriptors.NoColumn, value.GetLocation(), value, "a tag's value is text; name one of its properties");
            return null;
        }

        if (value.WithoutParentheses() is InterpolatedStringExpressionSyntax)
            return new TextLowering(flow, scope, new(flow)).Sql(value);
        return new ExpressionLowering(flow, scope).Lower(value) is { } sql ? $"({Bare(sql)})::text" : null;
    }
}
