using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Names;

namespace PgDurable.Generators.Lowering;

/// <summary>Reads <c>new HttpOptions { … }</c>. Everything in it is constant: no references are replaced when the step runs.</summary>
internal sealed class HttpOptionsReader(FlowModel flow, SettingReader settings)
{
    /// <summary>
    /// The members of the argument of <c>df.with_http_options</c>, in PostgreSQL's order; null after reporting what can't be read.
    /// </summary>
    public IReadOnlyList<(string Name, string Json)>? Read(ExpressionSyntax expression)
    {
        var (source, at) = settings.Initializer(expression);
        if (source is not BaseObjectCreationExpressionSyntax { Initializer.Expressions: var items })
        {
            return Fail<IReadOnlyList<(string, string)>>(
                expression, "new HttpOptions { … } with constants, or the name of a static readonly field that is set to one");
        }

        var reader = new HttpOptionsReader(flow, at);
        var members = new List<(string Name, string Json)>();
        var bindings = new List<(string Name, string Json)>();
        foreach (var item in items)
        {
            if (item is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: var name }, Right: var value })
                continue;
            var (where, key) = name switch
            {
                "SecretHeaders" => (bindings, "headers"),
                "SecretQuery" => (bindings, "query"),
                "SecretForm" => (bindings, "form"),
                _ => (members, SnakeCase.From(name)),
            };
            var json = name switch
            {
                "MaxRequestBytes" or "MaxResponseBytes" => reader.Bytes(value),
                "Response" => reader.Mode(value),
                "ResponseHeaders" => reader.List(value),
                "Into" => reader.Text(value),
                "FormFields" => reader.Map(value, reader.Text),
                _ => reader.Map(value, reader.Secret),
            };
            if (json is null)
                return null;
            where.Add((key, json));
        }

        if (bindings.Count > 0)
            members.Add(("secret_bindings", JsonObjectText.Write(bindings)));
        return [.. JsonObjectText.Order(members)];
    }

    private string? Bytes(ExpressionSyntax expression) => settings.Value(expression) switch
    {
        int number and >= 0 => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        long number and >= 0 and <= Graph.Limits.MaxBodyBytes => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Fail<string>(expression, "a constant number of bytes"),
    };

    private string? Mode(ExpressionSyntax expression) =>
        settings.EnumMember(expression) is { } mode
            ? Quote(mode.ToLowerInvariant())
            : Fail<string>(expression, "a member of HttpResponseMode");

    private string? Text(ExpressionSyntax expression) => settings.Text(expression) is { } text ? Quote(text) : null;

    private string? List(ExpressionSyntax expression)
    {
        if (expression.Items() is not { } items)
            return Fail<string>(expression, "a list of constants, such as [\"content-type\"]");
        var texts = items.Select(Text).ToArray();
        return texts.Contains(null) ? null : $"[{string.Join(",", texts)}]";
    }

    private string? Map(ExpressionSyntax expression, Func<ExpressionSyntax, string?> read)
    {
        if (expression.WithoutParentheses() is not BaseObjectCreationExpressionSyntax { Initializer.Expressions: var items })
            return Fail<string>(expression, "a dictionary with an initializer");
        var members = new List<(string Name, string Json)>();
        foreach (var item in items)
        {
            var (key, value) = item switch
            {
                AssignmentExpressionSyntax
                {
                    Left: ImplicitElementAccessSyntax { ArgumentList.Arguments: [{ Expression: var index }] },
                    Right: var right,
                } => (index, right),
                InitializerExpressionSyntax { Expressions: [var first, var second] } => (first, second),
                _ => (item, item),
            };
            if (settings.Text(key) is not { } name || read(value) is not { } json)
                return null;
            members.Add((name, json));
        }

        return JsonObjectText.Write(members);
    }

    private string? Secret(ExpressionSyntax expression)
    {
        if (expression.WithoutParentheses()
            is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: [var server, var key] } creation)
            return Fail<string>(expression, "new Secret(server, key) with constants");
        if (server.NameColon?.Name.Identifier.ValueText == "Key")
            (server, key) = (key, server);
        if (Text(server.Expression) is not { } serverJson || Text(key.Expression) is not { } keyJson)
            return null;
        var members = new List<(string Name, string Json)> { ("server", serverJson), ("key", keyJson) };
        foreach (var item in creation.Initializer?.Expressions ?? default)
        {
            if (item is not AssignmentExpressionSyntax { Right: var prefix })
                continue;
            if (Text(prefix) is not { } prefixJson)
                return null;
            if (prefixJson != "\"\"")
                members.Add(("prefix", prefixJson));
        }

        return JsonObjectText.Write(members);
    }

    private static string Quote(string text)
    {
        var json = new System.Text.StringBuilder();
        Graph.GraphWriter.AppendString(json, text);
        return json.ToString();
    }

    private T? Fail<T>(ExpressionSyntax expression, string wanted)
        where T : class
    {
        flow.Reporter.Report(Descriptors.NoSetting, expression.GetLocation(), expression, wanted);
        return null;
    }
}
