using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;
using PgDurable.Names;

namespace PgDurable.Generators.Lowering;

/// <summary>
/// Lowers an object to a JSON template. Constants become JSON, a single reference becomes a string that is replaced with the value, and
/// anything else is computed by an earlier step.
/// </summary>
internal sealed partial class JsonLowering(FlowModel flow, Scope scope, Hoist hoist)
{
    private readonly ValueResolver _values = new(flow);

    /// <summary>Returns null after reporting what can't be lowered.</summary>
    /// <param name="expression">The value.</param>
    /// <param name="wanted">The type that it is assigned to, which <c>new(…)</c> doesn't name.</param>
    public string? Lower(ExpressionSyntax expression, ITypeSymbol? wanted = null)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new JsonLowering(flow, source, hoist).Lower(expression, wanted);
        switch (expression)
        {
            case AnonymousObjectCreationExpressionSyntax anonymous:
                return Object(anonymous.Initializers.Select(member => (NameOf(member), member.Expression, (ITypeSymbol?)null)));
            case BaseObjectCreationExpressionSyntax creation:
                return Members(creation, wanted) is { } members && Omitted(creation, wanted) is { } omitted
                    ? Object(members, omitted)
                    : null;
            case ImplicitArrayCreationExpressionSyntax array:
                return Array(array.Initializer.Expressions, ElementOf(wanted));
            case ArrayCreationExpressionSyntax { Initializer: { } items } array:
                return Array(items.Expressions, scope.TypeNamed(array.Type.ElementType));
            case CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax):
                return Array(collection.Elements.Select(element => ((ExpressionElementSyntax)element).Expression), ElementOf(wanted));
            default:
                return Value(expression);
        }
    }

    private string? Object(
        IEnumerable<(string Name, ExpressionSyntax Value, ITypeSymbol? Type)> members,
        IEnumerable<(string Name, Constant Value, ITypeSymbol Type)>? omitted = null)
    {
        var values = new List<(string Name, string Json)>();
        foreach (var (name, value, type) in omitted ?? [])
            values.Add((name, Constant(value) ?? Quote(hoist.Json(SqlOf(value, type)))));
        foreach (var (name, value, type) in members)
        {
            if (Lower(value, type) is not { } json)
                return null;
            values.Add((name, json));
        }

        return JsonObjectText.Write(values);
    }

    private static ITypeSymbol? ElementOf(ITypeSymbol? type) => type is null ? null : ScalarTypes.ElementOf(SqlType.Bare(type));

    private string? Array(IEnumerable<ExpressionSyntax> items, ITypeSymbol? element)
    {
        var values = items.Select(item => Lower(item, element)).ToArray();
        return values.Contains(null) ? null : $"[{string.Join(",", values)}]";
    }

    private string? Value(ExpressionSyntax expression)
    {
        if (ConstantReader.TryRead(scope, expression, out var constant) && Constant(constant) is { } json)
            return json;

        var type = scope.TypeOf(expression);
        if (_values.Resolve(expression, scope) is { } binding)
        {
            if (Reference(binding) is { } reference)
                return Quote(reference);
            if (binding is Binding.Value value && SqlType.IsComposite(value.Type))
                return Quote(hoist.Json(ValueSql.Json(value)));
        }

        if (expression is InterpolatedStringExpressionSyntax)
            return new TextLowering(flow, scope, hoist).Lower(expression) is { } text ? Quote(text) : null;
        if (new ExpressionLowering(flow, scope).Lower(expression) is not { } sql)
            return null;
        // to_jsonb needs a type, and a literal has none of its own.
        return Quote(hoist.Json(type is not null && SqlType.Of(type) is { } name ? $"({sql})::{name}" : sql));
    }

    // PostgreSQL has its own JSON forms for dates and decimals, so they are computed there.
    private static string? Reference(Binding binding) => binding switch
    {
        Binding.Input => "$" + WellKnownNames.Input,
        Binding.Value { IsPlain: true } value when value.Form == ValueForm.Json || SqlType.IsSameInJson(value.Type) =>
            ValueSql.Reference(value),
        Binding.Row row when !TypeParser.IsRecord(row.Type) && SqlType.IsSameInJson(row.Type) =>
            $"${row.Name}{(row.MayBeMissing || row.Type.MayBeNull() ? "?" : "")}",
        _ => null,
    };

    /// <summary>The arguments of a constructor and an initializer, by their names in the database.</summary>
    public List<(string Name, ExpressionSyntax Value, ITypeSymbol? Type)>? Members(
        BaseObjectCreationExpressionSyntax creation, ITypeSymbol? wanted)
    {
        var members = new List<(string Name, ExpressionSyntax Value, ITypeSymbol? Type)>();
        if (ConstructorOf(creation, wanted) is not { } constructor)
        {
            flow.Reporter.Report(Descriptors.UnsupportedExpression, creation.GetLocation(), creation);
            return null;
        }

        var properties = RecordShape.PropertiesOf(constructor.ContainingType, flow.Workflow, flow.Compilation);
        var arguments = creation.ArgumentList?.Arguments ?? default;
        for (var i = 0; i < arguments.Count; i++)
        {
            var parameter = ParameterOf(constructor, arguments[i], i);
            if (parameter is null || RecordShape.PropertyFor(parameter, properties) is not { } property)
            {
                flow.Reporter.Report(Descriptors.UnsupportedExpression, arguments[i].GetLocation(), arguments[i]);
                return null;
            }

            members.Add((ColumnName.Of(property), arguments[i].Expression, property.Type));
        }

        if (creation.Initializer is null)
            return members;
        if (Entries(creation.Initializer, constructor.ContainingType) is not { } entries)
            return null;
        members.AddRange(entries);
        return members;
    }

    private static IParameterSymbol? ParameterOf(IMethodSymbol constructor, ArgumentSyntax argument, int position) =>
        argument.NameColon?.Name.Identifier.ValueText is { } name
            ? constructor.Parameters.FirstOrDefault(candidate => candidate.Name == name)
            : constructor.Parameters.ElementAtOrDefault(position);

    private IMethodSymbol? ConstructorOf(BaseObjectCreationExpressionSyntax creation, ITypeSymbol? wanted)
    {
        var named = creation is ObjectCreationExpressionSyntax { Type: var written } ? scope.TypeNamed(written) : wanted;
        return named is INamedTypeSymbol type ? ConstructorOf((INamedTypeSymbol)SqlType.Bare(type), creation) : null;
    }

    private IMethodSymbol? ConstructorOf(INamedTypeSymbol type, BaseObjectCreationExpressionSyntax creation)
    {
        var count = creation.ArgumentList?.Arguments.Count ?? 0;
        var names = (creation.ArgumentList?.Arguments ?? default)
            .Select(argument => argument.NameColon?.Name.Identifier.ValueText).OfType<string>().ToArray();
        var fitting = type.InstanceConstructors.Where(constructor =>
            constructor.Parameters.Length >= count
            && constructor.Parameters.Skip(count).All(parameter => parameter.IsOptional || names.Length > 0)
            && names.All(name => constructor.Parameters.Any(parameter => parameter.Name == name))
            && !(constructor is { IsImplicitlyDeclared: true, Parameters: [var copied] }
                && SymbolEqualityComparer.Default.Equals(copied.Type, type))).ToArray();

        // If there are several, the types of the arguments decide.
        if (fitting.Length < 2)
            return fitting.FirstOrDefault();
        var written = SyntaxFactory.ObjectCreationExpression(
            SyntaxFactory.ParseTypeName(TypeParser.NameOf(type)), creation.ArgumentList, initializer: null);
        return scope.SymbolOf(written) as IMethodSymbol ?? fitting[0];
    }

    /// <summary>The values that an initializer sets, by their names in the database or their keys in a dictionary.</summary>
    public List<(string Name, ExpressionSyntax Value, ITypeSymbol? Type)>? Entries(
        InitializerExpressionSyntax initializer, ITypeSymbol? type)
    {
        var entries = new List<(string Name, ExpressionSyntax Value, ITypeSymbol? Type)>();
        foreach (var item in initializer.Expressions)
        {
            if (Initialized(item, type) is not { } entry)
            {
                flow.Reporter.Report(Descriptors.UnsupportedExpression, item.GetLocation(), item);
                return null;
            }

            entries.Add(entry);
        }

        return entries;
    }

    // `Name = …`, and for a dictionary `["name"] = …` and `{ "name", … }`.
    private (string Name, ExpressionSyntax Value, ITypeSymbol? Type)? Initialized(ExpressionSyntax item, ITypeSymbol? type) => item switch
    {
        AssignmentExpressionSyntax
        {
            Left: ImplicitElementAccessSyntax { ArgumentList.Arguments: [{ Expression: var key }] },
            Right: var value,
        } when TextOf(key) is { } name => (name, value, ValueTypeOf(type)),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Right: var value }
            when type is not null && PropertyLookup.Find(type, target.Identifier.ValueText) is { } property =>
            (ColumnName.Of(property), value, property.Type),
        InitializerExpressionSyntax { Expressions: [var key, var value] } when TextOf(key) is { } name => (name, value, ValueTypeOf(type)),
        _ => null,
    };

    private static ITypeSymbol? ValueTypeOf(ITypeSymbol? dictionary) => (dictionary as INamedTypeSymbol)?.TypeArguments.LastOrDefault();

    private string? TextOf(ExpressionSyntax expression) => scope.TryConstant(expression, out var value, out _) ? value as string : null;

    /// <summary>The name that a member of an anonymous object has in JSON.</summary>
    public static string NameOf(AnonymousObjectMemberDeclaratorSyntax member) =>
        member.NameEquals?.Name.Identifier.ValueText ?? member.Expression.WithoutParentheses() switch
        {
            MemberAccessExpressionSyntax access => SnakeCase.From(access.Name.Identifier.ValueText),
            ConditionalAccessExpressionSyntax { WhenNotNull: MemberBindingExpressionSyntax binding } =>
                SnakeCase.From(binding.Name.Identifier.ValueText),
            var other => SnakeCase.From(other.ToString()),
        };

    /// <summary>A constant as JSON; null for a text that would be read as a reference.</summary>
    private static string? Constant(Constant constant) => (constant.EnumMember ?? constant.Value) switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => text.IndexOfAny(['$', '{', '\0']) >= 0 ? null : Quote(text),
        char c => c is '$' or '{' or '\0' ? null : Quote(c.ToString()),
        double or float => null,
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    internal static string Quote(string text)
    {
        var json = new System.Text.StringBuilder();
        GraphWriter.AppendString(json, text);
        return json.ToString();
    }
}
