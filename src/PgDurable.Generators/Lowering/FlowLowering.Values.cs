using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>Values that become JSON: what BREAK returns, and what a workflow publishes.</summary>
internal sealed partial class FlowLowering
{
    private GraphNode? Publish(StepCall call)
    {
        var value = call["value"];
        var type = call.Name is GenericNameSyntax ? call.Method.TypeArguments[0] : value is null ? null : scope.TypeOf(value);
        if (type is null || !IsReadable(type, call.Name))
            return Failed();
        var sql = value is null ? "NULL" : Json(value, type, out _) is { } json ? $"to_jsonb({json})" : null;
        return sql is null ? null : Compose.Sql($"SELECT df.publish($sys_instance_id, {sql})");
    }

    /// <summary>Notes the type of the workflow's state. Returns false after reporting why it can't be read.</summary>
    private bool IsReadable(ITypeSymbol type, SimpleNameSyntax place)
    {
        type = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        var problem = flow.State is { } other && !SymbolEqualityComparer.Default.Equals(other, type)
                ? $"but '{other.ToDisplayString()}' in another place. Publish the same type in both."
            : type.IsAnonymousType
                || new TypeParser(flow.Workflow, flow.Compilation, TypeUse.Read, place.GetLocation(), new()).Parse(type, "") is null
                ? "which nothing could read. Publish a scalar, or a record that is declared."
            : null;
        if (problem is not null)
            flow.Reporter.Report(Descriptors.Unreadable, place.GetLocation(), type.ToDisplayString(), problem);
        flow.State ??= type;
        return problem is null;
    }

    /// <summary>A value as one row: a record, or else its only column.</summary>
    private string? RowOf(ExpressionSyntax value, ITypeSymbol? type)
    {
        if (new ValueResolver(flow).Resolve(value, scope) is Binding.Value { IsWhole: true } list
            && ScalarTypes.ElementOf(SqlType.Bare(list.Type)) is not null)
        {
            flow.Reporter.Report(
                Descriptors.NoColumn, value.GetLocation(), value, "a loop's result is one row; name one element of the list");
            return null;
        }

        return Json(value, type, out var isRecord) is not { } sql ? null : isRecord ? sql : $"json_build_object('value', {sql})";
    }

    /// <summary>A value in a form that PostgreSQL turns into JSON: a record as JSON, anything else with its type.</summary>
    private string? Json(ExpressionSyntax value, ITypeSymbol? type, out bool isRecord)
    {
        isRecord = true;
        switch (new ValueResolver(flow).Resolve(value, scope))
        {
            case Binding.Input input when TypeParser.IsRecord(input.Type):
                return $"${WellKnownNames.Input}::jsonb";
            case Binding.Row { MayBeJson: false } row when TypeParser.IsRecord(row.Type):
                return $"(SELECT to_json({SqlQuote.Identifier(row.Name)}) FROM ${row.Name}.* LIMIT 1)";
            case Binding.Value whole when TypeParser.IsRecord(SqlType.Bare(whole.Type)):
                // A signal that timed out has no data, whatever its type says.
                return ValueSql.Json(whole with { MayBeNull = whole.MayBeNull && whole.Type.MayBeNull() });
        }

        if (value.WithoutParentheses() is BaseObjectCreationExpressionSyntax creation)
            return NewRecord(creation, type);
        isRecord = false;
        return value.Items() is { } items ? NewList(items, type) : Column(value);
    }

    private string? NewList(IEnumerable<ExpressionSyntax> items, ITypeSymbol? type)
    {
        var element = type is null ? null : ScalarTypes.ElementOf(SqlType.Bare(type));
        var values = items.Select(item => Json(item, element, out _)).ToArray();
        return values.Contains(null) ? null : $"json_build_array({string.Join(", ", values)})";
    }

    // `new Decision(…)`: an object whose members are computed.
    private string? NewRecord(BaseObjectCreationExpressionSyntax creation, ITypeSymbol? type)
    {
        var columns = new List<string>();
        var json = new JsonLowering(flow, scope, new(flow));
        foreach (var (name, constant, wanted) in json.Omitted(creation, type) ?? [])
            columns.Add($"{SqlQuote.Literal(name)}, {JsonLowering.SqlOf(constant, wanted)}");
        foreach (var (name, value, wanted) in json.Members(creation, type) ?? [])
        {
            if (Json(value, wanted, out _) is not { } sql)
                return null;
            columns.Add($"{SqlQuote.Literal(name)}, {sql}");
        }

        return flow.Reporter.HasErrors ? null : $"json_build_object({string.Join(", ", columns)})";
    }

    // json_build_object needs a type, and a literal has none of its own.
    private string? Column(ExpressionSyntax value)
    {
        if (new ValueResolver(flow).Resolve(value, scope) is Binding.Value composite && SqlType.IsComposite(composite.Type))
            return ValueSql.Json(composite);
        if (value.WithoutParentheses() is InterpolatedStringExpressionSyntax)
            return new TextLowering(flow, scope, new(flow)).Sql(value);
        if (new ExpressionLowering(flow, scope).Lower(value) is not { } sql)
            return null;
        return scope.TypeOf(value) is { } type && SqlType.Of(type) is { } name ? $"({Bare(sql)})::{name}" : sql;
    }
}
