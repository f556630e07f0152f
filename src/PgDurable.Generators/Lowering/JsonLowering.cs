using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>
/// Lowers an object to a JSON template: what is constant is JSON, a string that is one reference becomes the value, and what is more is
/// computed by a step before.
/// </summary>
internal sealed class JsonLowering(FlowModel flow, SemanticModel model, Hoist hoist)
{
    private readonly ValueResolver _values = new(flow);

    /// <summary>Returns null after reporting what can't be lowered.</summary>
    public string? Lower(ExpressionSyntax expression)
    {
        (expression, var source) = flow.Follow(expression, model);
        if (source != model)
            return new JsonLowering(flow, source, hoist).Lower(expression);
        switch (expression)
        {
            case AnonymousObjectCreationExpressionSyntax anonymous:
                return Object(anonymous.Initializers.Select(member => (NameOf(member), member.Expression)));
            case BaseObjectCreationExpressionSyntax creation:
                return Members(creation) is { } members ? Object(members) : null;
            case ImplicitArrayCreationExpressionSyntax array:
                return Array(array.Initializer.Expressions);
            case ArrayCreationExpressionSyntax { Initializer: { } items }:
                return Array(items.Expressions);
            case CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax):
                return Array(collection.Elements.Select(element => ((ExpressionElementSyntax)element).Expression));
            default:
                return Value(expression);
        }
    }

    private string? Object(IEnumerable<(string Name, ExpressionSyntax Value)> members)
    {
        var values = new List<(string Name, string Json)>();
        foreach (var (name, value) in members)
        {
            if (Lower(value) is not { } json)
                return null;
            values.Add((name, json));
        }

        return JsonObjectText.Write(values);
    }

    private string? Array(IEnumerable<ExpressionSyntax> items)
    {
        var values = items.Select(Lower).ToArray();
        return values.Contains(null) ? null : $"[{string.Join(",", values)}]";
    }

    private string? Value(ExpressionSyntax expression)
    {
        if (ConstantReader.TryRead(model, expression, flow.Cancellation, out var constant) && Constant(constant) is { } json)
            return json;

        var type = model.GetTypeInfo(expression, flow.Cancellation).Type;
        if (_values.Resolve(expression, model) is { } binding)
        {
            if (Reference(binding) is { } reference)
                return Quote(reference);
            if (binding is Binding.Value value && SqlType.IsComposite(value.Type))
                return Quote(hoist.Json($"({ValueSql.Of(value, typed: false)})::jsonb"));
        }

        if (expression is InterpolatedStringExpressionSyntax)
            return new TextLowering(flow, model, hoist).Lower(expression) is { } text ? Quote(text) : null;
        if (new ExpressionLowering(flow, model).Lower(expression) is not { } sql)
            return null;
        // A literal has no type of its own, which to_jsonb would need.
        return Quote(hoist.Json(type is not null && SqlType.Of(type) is { } name ? $"({sql})::{name}" : sql));
    }

    // What a column's value is in JSON is PostgreSQL's own, for dates and decimals, so those are computed.
    private static string? Reference(Binding binding) => binding switch
    {
        Binding.Input => "$" + WellKnownNames.Input,
        Binding.Value { IsPlain: true } value when value.Form == ValueForm.Json || SqlType.IsSameInJson(value.Type) => ValueSql.Reference(value),
        Binding.Row row when !TypeParser.IsRecord(row.Type) && SqlType.IsSameInJson(row.Type) =>
            $"${row.Name}{(row.MayBeMissing || row.Type.MayBeNull() ? "?" : "")}",
        _ => null,
    };

    /// <summary>What is passed to a constructor and an initializer, by the names in the database.</summary>
    public List<(string Name, ExpressionSyntax Value)>? Members(BaseObjectCreationExpressionSyntax creation)
    {
        var members = new List<(string Name, ExpressionSyntax Value)>();
        if (model.GetSymbolInfo(creation, flow.Cancellation).Symbol is not IMethodSymbol { ContainingType: var type } constructor)
        {
            flow.Reporter.Fail();
            return null;
        }

        var properties = RecordShape.PropertiesOf(type, flow.Workflow, flow.Compilation);
        var arguments = creation.ArgumentList?.Arguments ?? default;
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].NameColon?.Name.Identifier.ValueText;
            var parameter = name is null ? constructor.Parameters.ElementAtOrDefault(i) : constructor.Parameters.FirstOrDefault(p => p.Name == name);
            if (parameter is null || RecordShape.PropertyFor(parameter, properties) is not { } property)
            {
                flow.Reporter.Report(Descriptors.UnsupportedExpression, arguments[i].GetLocation(), arguments[i]);
                return null;
            }

            members.Add((ColumnName.Of(property), arguments[i].Expression));
        }

        if (creation.Initializer is null)
            return members;
        if (Entries(creation.Initializer) is not { } entries)
            return null;
        members.AddRange(entries);
        return members;
    }

    /// <summary>What an initializer sets, by the names in the database or the keys of a dictionary.</summary>
    public List<(string Name, ExpressionSyntax Value)>? Entries(InitializerExpressionSyntax initializer)
    {
        var entries = new List<(string Name, ExpressionSyntax Value)>();
        foreach (var item in initializer.Expressions)
        {
            if (Initialized(item) is not { } entry)
            {
                flow.Reporter.Report(Descriptors.UnsupportedExpression, item.GetLocation(), item);
                return null;
            }

            entries.Add(entry);
        }

        return entries;
    }

    // `Name = …`, and of a dictionary `["name"] = …` and `{ "name", … }`.
    private (string Name, ExpressionSyntax Value)? Initialized(ExpressionSyntax item) => item switch
    {
        AssignmentExpressionSyntax { Left: ImplicitElementAccessSyntax { ArgumentList.Arguments: [{ Expression: var key }] }, Right: var value }
            when TextOf(key) is { } name => (name, value),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Right: var value }
            when model.GetSymbolInfo(target, flow.Cancellation).Symbol is IPropertySymbol property => (ColumnName.Of(property), value),
        InitializerExpressionSyntax { Expressions: [var key, var value] } when TextOf(key) is { } name => (name, value),
        _ => null,
    };

    private string? TextOf(ExpressionSyntax expression) => model.GetConstantValue(expression, flow.Cancellation).Value as string;

    private static string NameOf(AnonymousObjectMemberDeclaratorSyntax member) =>
        member.NameEquals?.Name.Identifier.ValueText ?? member.Expression.WithoutParentheses() switch
        {
            MemberAccessExpressionSyntax access => SnakeCase.From(access.Name.Identifier.ValueText),
            ConditionalAccessExpressionSyntax { WhenNotNull: MemberBindingExpressionSyntax binding } =>
                SnakeCase.From(binding.Name.Identifier.ValueText),
            var other => SnakeCase.From(other.ToString()),
        };

    /// <summary>A constant as JSON; null for a text that would be taken for a reference.</summary>
    private static string? Constant(Constant constant) => (constant.EnumMember ?? constant.Value) switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => text.IndexOfAny(['$', '{', '\0']) >= 0 ? null : Quote(text),
        char c => c is '$' or '{' or '\0' ? null : Quote(c.ToString()),
        double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN or float.PositiveInfinity or float.NegativeInfinity => null,
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
