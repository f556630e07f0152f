using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Names;

namespace PgDurable.Generators.Lowering;

/// <summary>Resolves what an expression refers to: the input, a result, or a part of one.</summary>
internal sealed class ValueResolver(FlowModel flow)
{
    /// <summary>Returns null for an expression that refers to none of these, or after reporting why it can't.</summary>
    public Binding? Resolve(ExpressionSyntax expression, Scope scope)
    {
        expression = expression.WithoutParentheses();
        switch (expression)
        {
            // `order.Note!`: the author says that there is a value, so the reference is strict and fails if there is none.
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } asserted:
                return Resolve(asserted.Operand, scope) switch
                {
                    Binding.Value value => value with { MayBeNull = false, IsAsserted = value.MayBeNull || value.IsAsserted },
                    Binding.Row row => row with { MayBeMissing = false, IsAsserted = row.MayBeMissing || row.IsAsserted },
                    var other => other,
                };
            case IdentifierNameSyntax:
                return Symbol(expression, scope);
            case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Instance" } instance
                when scope.VariableOf(instance.Expression)?.Binding is Binding.Steps:
                return PropertyLookup.Find(flow.Flow, "Instance") is { } property ? new Binding.Instance(property.Type) : null;
            case MemberAccessExpressionSyntax member:
                return Resolve(member.Expression, scope) is { } owner ? Member(owner, member.Name, member, scope) : null;
            case ConditionalAccessExpressionSyntax conditional:
                return Resolve(conditional.Expression, scope) is { } target
                    ? Conditional(OrNull(target), conditional.WhenNotNull, scope)
                    : null;
            case ElementAccessExpressionSyntax element:
                return Resolve(element.Expression, scope) is { } array ? Element(array, element.ArgumentList, scope) : null;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call, ArgumentList.Arguments.Count: 0 }
                when call.Name.Identifier.ValueText is "Any" or "Count":
                return Resolve(call.Expression, scope) switch
                {
                    Binding.Rows rows => OfRows(rows, call.Name.Identifier.ValueText),
                    Binding.Value list when ScalarTypes.ElementOf(list.Type) is not null => OfList(list, call.Name.Identifier.ValueText),
                    _ => null,
                };
            default:
                return null;
        }
    }

    private Binding? Symbol(ExpressionSyntax expression, Scope scope)
    {
        var binding = scope.VariableOf(expression)?.Binding;
        if (binding is Binding.Alias alias)
            return Resolve(alias.Expression, alias.Scope);
        if (binding is Binding.Row { Type: var type } row && ScalarTypes.ElementOf(type) is not null)
        {
            return new Binding.Value("$" + row.Name, type, row.MayBeMissing || type.MayBeNull(), ValueForm.Column)
            {
                IsArrayColumn = true,
            };
        }

        if (binding is not Binding.Error || ReferenceEquals(flow.Errors.Peek(), binding))
            return binding is Binding.Steps or Binding.Unknown ? null : binding;
        flow.Reporter.Report(Descriptors.OuterError, expression.GetLocation(), expression);
        return null;
    }

    private static Binding OrNull(Binding target) => target switch
    {
        Binding.Value value => value with { MayBeNull = true },
        Binding.Row row => row with { MayBeMissing = true },
        _ => target,
    };

    // `order?.Lines[0].Sku`: the part after the question mark is resolved against the part before it, from the inside out.
    private Binding? Conditional(Binding target, ExpressionSyntax path, Scope scope) => path.WithoutParentheses() switch
    {
        MemberBindingExpressionSyntax binding => Member(target, binding.Name, binding, scope),
        ElementBindingExpressionSyntax binding => Element(target, binding.ArgumentList, scope),
        MemberAccessExpressionSyntax member =>
            Conditional(target, member.Expression, scope) is { } owner ? Member(OrNull(owner), member.Name, member, scope) : null,
        ElementAccessExpressionSyntax element =>
            Conditional(target, element.Expression, scope) is { } owner ? Element(OrNull(owner), element.ArgumentList, scope) : null,
        ConditionalAccessExpressionSyntax conditional =>
            Conditional(target, conditional.Expression, scope) is { } owner
                ? Conditional(OrNull(owner), conditional.WhenNotNull, scope)
                : null,
        _ => null,
    };

    private Binding? Member(Binding owner, SimpleNameSyntax name, ExpressionSyntax expression, Scope scope)
    {
        if (owner.CSharpType is not { } type || PropertyOf(type, owner, name.Identifier.ValueText) is not { } property)
            return null;
        switch (owner)
        {
            case Binding.Input input when TypeParser.IsRecord(input.Type):
                return Column(expression, "$" + WellKnownNames.Input, property, mayBeMissing: false, ValueForm.Json);
            case Binding.Row row when TypeParser.IsRecord(row.Type):
                var form = row.MayBeJson ? ValueForm.Either : ValueForm.Column;
                return Column(expression, "$" + row.Name, property, row.MayBeMissing, form) is { } column
                    ? column with { IsAsserted = row.IsAsserted && !column.MayBeNull }
                    : null;
            case Binding.Row row when IsNullableValue(property):
                return new Binding.Value("$" + row.Name, property.Type, MayBeNull: false, ValueForm.Column)
                {
                    IsAsserted = true,
                    Demanded = expression.ToString(),
                };
            case Binding.Rows rows:
                return OfRows(rows, name.Identifier.ValueText);
            case Binding.Signal signal when property.Name == "TimedOut":
                return new Binding.Value($"${signal.Name}.timed_out", property.Type, MayBeNull: false, ValueForm.Json);
            case Binding.Signal signal:
                // NULL after a timeout, whatever the type says.
                return new Binding.Value($"${signal.Name}.data", signal.Payload, MayBeNull: true, ValueForm.Json);
            case Binding.Reply reply when property.Name == "Json":
                return new Binding.Value($"${reply.Name}.body", reply.Json, MayBeNull: true, ValueForm.JsonText);
            case Binding.Reply reply:
                return new Binding.Value(
                    $"${reply.Name}.{SnakeCase.From(property.Name)}", property.Type,
                    MayBeNull: property.Name == "Body" || property.Type.MayBeNull(), ValueForm.Json);
            case Binding.Instance:
                var reference = property.Name == "Id" ? "$sys_instance_id" : "$sys_" + SnakeCase.From(property.Name);
                return new Binding.Value(reference, property.Type, property.Type.MayBeNull(), ValueForm.Json);
            case Binding.Error:
                return new Binding.Value(
                    "$error." + (property.Name == "SqlState" ? "sqlstate" : SnakeCase.From(property.Name)), property.Type,
                    property.Type.MayBeNull(), ValueForm.Json);
            case Binding.Value value when IsNullableValue(property):
                return value with { MayBeNull = false, IsAsserted = true, Type = property.Type, Demanded = expression.ToString() };
            case Binding.Value { IsWhole: true } whole when TypeParser.IsRecord(SqlType.Bare(whole.Type)):
                return Column(expression, whole.Reference, property, whole.MayBeNull, whole.Form) is { } part
                    ? part with { IsAsserted = whole.IsAsserted && !part.MayBeNull }
                    : null;
            case Binding.Value value when property.Name is "Length" or "Count" && ScalarTypes.ElementOf(value.Type) is not null:
                return new Binding.Computed($"jsonb_array_length({ValueSql.Json(value)})", property.Type);
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

    private static bool IsNullableValue(IPropertySymbol property) =>
        property is { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T };

    // After a question mark, a member belongs to the value and not to its Nullable.
    private static IPropertySymbol? PropertyOf(ITypeSymbol type, Binding owner, string name) =>
        PropertyLookup.Find(type, name) ?? (owner is Binding.Value or Binding.Row ? PropertyLookup.Find(SqlType.Bare(type), name) : null);

    private Binding.Value? Column(
        ExpressionSyntax expression, string owner, IPropertySymbol property, bool mayBeMissing, ValueForm form)
    {
        var column = ColumnName.Of(property);
        if (!SnakeCase.IsReferable(column))
        {
            flow.Reporter.Report(
                Descriptors.NoColumn, expression.GetLocation(), expression,
                $"steps can't refer to a column named '{column}'; return it under another name");
            return null;
        }

        return new($"{owner}.{column}", property.Type, mayBeMissing || property.Type.MayBeNull(), form)
        {
            IsArrayColumn = form != ValueForm.Json && ScalarTypes.ElementOf(property.Type) is not null,
        };
    }

    private Binding? Element(Binding owner, BracketedArgumentListSyntax arguments, Scope scope)
    {
        if (owner is not Binding.Value value || arguments.Arguments is not [{ Expression: var index }])
            return null;
        var key = (scope.TryConstant(index, out var constant, out _) ? constant : null) switch
        {
            int and >= 0 and var position => position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            string name => ValueSql.Key(name),
            _ => null,
        };
        var type = ScalarTypes.ElementOf(value.Type)
            ?? (SqlType.Bare(value.Type) as INamedTypeSymbol)?.TypeArguments.LastOrDefault();
        return key is null || type is null ? null : value with { Type = type, Path = [.. value.Path, key] };
    }

    private Binding? OfRows(Binding.Rows rows, string member) => member switch
    {
        "Any" => new Binding.Computed(
            $"EXISTS (SELECT FROM ${rows.Name}.*)", flow.Compilation.GetSpecialType(SpecialType.System_Boolean)),
        "Count" => new Binding.Computed(
            $"(SELECT count(*) FROM ${rows.Name}.*)", flow.Compilation.GetSpecialType(SpecialType.System_Int64)),
        _ => null,
    };

    private Binding.Computed OfList(Binding.Value list, string member) => member == "Any"
        ? new($"(jsonb_array_length({ValueSql.Json(list)}) > 0)", flow.Compilation.GetSpecialType(SpecialType.System_Boolean))
        : new($"jsonb_array_length({ValueSql.Json(list)})", flow.Compilation.GetSpecialType(SpecialType.System_Int32));
}
