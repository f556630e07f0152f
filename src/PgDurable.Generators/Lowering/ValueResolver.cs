using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Finds out what an expression refers to: the input, a result, or a part of one.</summary>
internal sealed class ValueResolver(FlowModel flow)
{
    /// <summary>Returns null for an expression that refers to nothing of these, or after reporting why it can't.</summary>
    public Binding? Resolve(ExpressionSyntax expression, SemanticModel model)
    {
        expression = expression.WithoutParentheses();
        switch (expression)
        {
            // `order.Note!`: the author says that there is a value, so the strict form, which fails when there is none.
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } asserted:
                return Resolve(asserted.Operand, model) switch
                {
                    Binding.Value value => value with { MayBeNull = false },
                    Binding.Row row => row with { MayBeMissing = false },
                    var other => other,
                };
            case IdentifierNameSyntax:
                return Symbol(expression, model);
            case MemberAccessExpressionSyntax member:
                return Resolve(member.Expression, model) is { } owner ? Member(owner, member.Name, member, model) : null;
            case ConditionalAccessExpressionSyntax conditional:
                return Resolve(conditional.Expression, model) is { } target
                    ? Conditional(OrNull(target), conditional.WhenNotNull, model)
                    : null;
            case ElementAccessExpressionSyntax element:
                return Resolve(element.Expression, model) is { } array ? Element(array, element.ArgumentList, model) : null;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call, ArgumentList.Arguments.Count: 0 }
                when call.Name.Identifier.ValueText is "Any" or "Count":
                return Resolve(call.Expression, model) is Binding.Rows rows ? OfRows(rows, call.Name.Identifier.ValueText, model) : null;
            default:
                return null;
        }
    }

    private Binding? Symbol(ExpressionSyntax expression, SemanticModel model)
    {
        if (model.GetSymbolInfo(expression, flow.Cancellation).Symbol is not { } symbol
            || !flow.Bindings.TryGetValue(symbol, out var binding))
            return null;
        if (binding is Binding.Alias alias)
            return Resolve(alias.Expression, alias.Model);
        if (binding is not Binding.Error || SymbolEqualityComparer.Default.Equals(flow.Errors.Peek(), symbol))
            return binding;
        flow.Reporter.Report(Descriptors.OuterError, expression.GetLocation(), expression);
        return null;
    }

    private static Binding OrNull(Binding target) => target switch
    {
        Binding.Value value => value with { MayBeNull = true },
        Binding.Row row => row with { MayBeMissing = true },
        _ => target,
    };

    // `order?.Lines[0].Sku`: what follows the question mark is bound to what stands before it, from the inside out.
    private Binding? Conditional(Binding target, ExpressionSyntax path, SemanticModel model) => path.WithoutParentheses() switch
    {
        MemberBindingExpressionSyntax binding => Member(target, binding.Name, binding, model),
        ElementBindingExpressionSyntax binding => Element(target, binding.ArgumentList, model),
        MemberAccessExpressionSyntax member =>
            Conditional(target, member.Expression, model) is { } owner ? Member(OrNull(owner), member.Name, member, model) : null,
        ElementAccessExpressionSyntax element =>
            Conditional(target, element.Expression, model) is { } owner ? Element(OrNull(owner), element.ArgumentList, model) : null,
        ConditionalAccessExpressionSyntax conditional =>
            Conditional(target, conditional.Expression, model) is { } owner
                ? Conditional(OrNull(owner), conditional.WhenNotNull, model)
                : null,
        _ => null,
    };

    private Binding? Member(Binding owner, SimpleNameSyntax name, ExpressionSyntax expression, SemanticModel model)
    {
        if (model.GetSymbolInfo(name, flow.Cancellation).Symbol is not IPropertySymbol property)
            return null;
        switch (owner)
        {
            case Binding.Input input when TypeParser.IsRecord(input.Type):
                return Column(expression, "$" + WellKnownNames.Input, property, mayBeMissing: false, ValueForm.Json);
            case Binding.Row row when TypeParser.IsRecord(row.Type):
                return Column(expression, "$" + row.Name, property, row.MayBeMissing, ValueForm.Column);
            case Binding.Row row when property is { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }:
                return new Binding.Value("$" + row.Name, property.Type, MayBeNull: false, ValueForm.Column);
            case Binding.Rows rows:
                return OfRows(rows, name.Identifier.ValueText, model);
            case Binding.Signal signal when property.Name == "TimedOut":
                return new Binding.Value($"${signal.Name}.timed_out", property.Type, MayBeNull: false, ValueForm.Json);
            case Binding.Signal signal:
                // NULL after a time-out, whatever the type says.
                return new Binding.Value($"${signal.Name}.data", signal.Type, MayBeNull: true, ValueForm.Json);
            case Binding.Reply reply when property.Name == "Json":
                return new Binding.Value($"${reply.Name}.body", reply.Type, MayBeNull: true, ValueForm.JsonText);
            case Binding.Reply reply:
                return new Binding.Value(
                    $"${reply.Name}.{SnakeCase.From(property.Name)}", property.Type, MayBeNull: property.Name == "Body", ValueForm.Json);
            case Binding.Error:
                return new Binding.Value(
                    "$error." + (property.Name == "SqlState" ? "sqlstate" : SnakeCase.From(property.Name)), property.Type,
                    property.Type.MayBeNull(), ValueForm.Json);
            case Binding.Value value when property is { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }:
                return value with { MayBeNull = false, Type = property.Type };
            case Binding.Value value when property.Name is "Length" or "Count" && ScalarTypes.ElementOf(value.Type) is not null:
                return new Binding.Computed($"jsonb_array_length({Json(value)})", property.Type);
            case Binding.Value value when TypeParser.IsRecord(SqlType.Bare(value.Type)):
                return value with
                {
                    Type = property.Type,
                    Path = [.. value.Path, ValueSql.Key(ColumnName.Of(property))],
                };
            default:
                return null;
        }
    }

    private Binding.Value? Column(
        ExpressionSyntax expression, string owner, IPropertySymbol property, bool mayBeMissing, ValueForm form)
    {
        var column = ColumnName.Of(property);
        if (!SnakeCase.IsReferable(column))
        {
            flow.Reporter.Report(
                Descriptors.NoColumn, expression.GetLocation(), expression,
                $"steps can't refer to a column '{column}'; return it under another name");
            return null;
        }

        return new($"{owner}.{column}", property.Type, mayBeMissing || property.Type.MayBeNull(), form);
    }

    private Binding? Element(Binding owner, BracketedArgumentListSyntax arguments, SemanticModel model)
    {
        if (owner is not Binding.Value value || arguments.Arguments is not [{ Expression: var index }])
            return null;
        var key = model.GetConstantValue(index, flow.Cancellation) switch
        {
            { HasValue: true, Value: int and >= 0 and var position } => position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            { HasValue: true, Value: string name } => ValueSql.Key(name),
            _ => null,
        };
        var type = ScalarTypes.ElementOf(value.Type)
            ?? (SqlType.Bare(value.Type) as INamedTypeSymbol)?.TypeArguments.LastOrDefault();
        return key is null || type is null ? null : value with { Type = type, Path = [.. value.Path, key] };
    }

    private static Binding? OfRows(Binding.Rows rows, string member, SemanticModel model) => member switch
    {
        "Any" => new Binding.Computed($"EXISTS (SELECT FROM ${rows.Name}.*)", model.Compilation.GetSpecialType(SpecialType.System_Boolean)),
        "Count" => new Binding.Computed($"(SELECT count(*) FROM ${rows.Name}.*)", model.Compilation.GetSpecialType(SpecialType.System_Int64)),
        _ => null,
    };

    /// <summary>A value as <c>jsonb</c>.</summary>
    private static string Json(Binding.Value value)
    {
        var sql = $"{ValueSql.Reference(value)}::jsonb";
        return value.Path.Count == 0 ? sql : $"({sql} -> {string.Join(" -> ", value.Path)})";
    }
}
