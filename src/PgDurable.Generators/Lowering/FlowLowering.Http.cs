using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Checks;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Generators.Lowering;

/// <summary>HTTP and HTTP_JSON.</summary>
internal sealed partial class FlowLowering
{
    private GraphNode? Http(StepCall call)
    {
        var hoist = new Hoist(flow);
        // A value at the beginning of a URL is the server, not a part of the path.
        var url = new TextLowering(flow, scope, hoist, encodedFrom: call["endpoint"] is null ? 1 : 0).Lower(call["url"]!);
        var endpoint = call["endpoint"] is { } server ? Settings.Text(server, EndpointCheck.ServerProblem) : null;
        if (url is not null && (call["endpoint"] is null ? UrlCheck.Problem(url) : EndpointCheck.PathProblem(url)) is { } problem)
        {
            flow.Reporter.Report(Descriptors.Setting, call["url"]!.GetLocation(), call["url"]!, problem);
            url = null;
        }

        var (body, contentType) = call["json"] is { } content ? Body(content, hoist) : default;
        var headers = call["headers"] is not null || contentType is not null ? Headers(call["headers"], hoist, contentType) : null;
        var seconds = Defaults.HttpTimeoutSeconds;
        if (call["timeout"] is { } timeout)
            seconds = Attempt(timeout) ?? 0;

        var options = call["options"] is { } more ? new HttpOptionsReader(flow, Settings).Read(more) : [];
        string? name = null;
        foreach (var (type, argument) in call.Outs)
            name = Bind(argument, type);
        if (url is null || seconds == 0 || (body is null && call["json"] is not null) || (headers is null && call["headers"] is not null)
            || (endpoint is null && call["endpoint"] is not null) || options is null)
            return null;

        var settings = new HttpSettings
        {
            Url = url,
            Endpoint = endpoint,
            Method = call.Method.Name.Substring(4).ToUpperInvariant(),
            Body = body,
            Headers = headers,
            TimeoutSeconds = seconds,
            Options = options,
        };
        var node = Compose.Http(body is null || contentType is not null ? NodeKind.Http : NodeKind.HttpJson, settings);
        node.Name = name;
        return Retried(call, node) is { } retried ? hoist.Before(retried) : null;
    }

    private int? Attempt(ExpressionSyntax timeout) =>
        (int?)Settings.Seconds(
            timeout, 1, Limits.MaxWaitSeconds, isWhole: true, "a request's timeout must be a whole number of seconds, at least one");

    /// <summary>The body, and its media type if it isn't JSON; no body after reporting why not.</summary>
    private (string? Body, string? ContentType) Body(ExpressionSyntax expression, Hoist hoist)
    {
        (expression, var source) = FlowModel.Follow(expression, scope);
        if (source != scope)
            return new FlowLowering(flow, source).Body(expression, hoist);
        if (expression is not InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var content }, ..] arguments } call
            || scope.SymbolOf(call) is not IMethodSymbol method || !method.ContainingType.IsInSdk(WellKnownNames.HttpBody))
            return (new JsonLowering(flow, scope, hoist).Lower(expression), null);
        if (method.Name == "Form")
            return (Form(content, hoist), "application/x-www-form-urlencoded");
        var written = arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == "text")?.Expression ?? content;
        var type = arguments.FirstOrDefault(argument => argument.Expression != written)?.Expression;
        return (
            new TextLowering(flow, scope, hoist).Lower(written),
            type is null ? (string)method.Parameters[1].ExplicitDefaultValue! : Settings.Text(type, static _ => null));
    }

    private string? Form(ExpressionSyntax expression, Hoist hoist)
    {
        if (Members(expression, hoist, JsonLowering.NameOf) is not { } members)
            return null;
        var (parts, isConstant) = (new List<string>(), true);
        foreach (var (name, value) in members)
        {
            parts.Add(SqlQuote.Literal($"{(parts.Count == 0 ? "" : "&")}{Uri.EscapeDataString(name)}="));
            if (ConstantReader.TryRead(scope, value, out var constant) && TextLowering.Text(constant) is { } text)
            {
                parts.Add(SqlQuote.Literal(Uri.EscapeDataString(text)));
                continue;
            }

            if (new ExpressionLowering(flow, scope).Lower(value) is not { } sql)
                return null;
            isConstant = false;
            parts.Add($"df.url_encode(({sql})::text)");
        }

        // Encoded texts have neither quotes nor references.
        return isConstant ? string.Concat(parts.Select(part => part.Trim('\''))) : hoist.Text($"concat({string.Join(", ", parts)})");
    }

    private string? Headers(ExpressionSyntax? expression, Hoist hoist, string? contentType)
    {
        const string ContentType = "Content-Type";
        var text = new TextLowering(flow, scope, hoist);
        var members = expression is null ? [] : Members(expression, hoist, HeaderName);
        if (members is null)
            return null;
        var headers = members.Select(member => (member.Name, Json: text.Lower(member.Value))).ToList();
        if (contentType is not null
            && !headers.Exists(header => string.Equals(header.Name, ContentType, StringComparison.OrdinalIgnoreCase)))
            headers.Add((ContentType, contentType));
        return headers.Exists(header => header.Json is null)
            ? null
            : JsonObjectText.Write(headers.Select(header => (header.Name, JsonLowering.Quote(header.Json!))));
    }

    /// <summary>The names and values of headers or fields; null after reporting that there are none.</summary>
    private IReadOnlyList<(string Name, ExpressionSyntax Value)>? Members(
        ExpressionSyntax expression, Hoist hoist, Func<AnonymousObjectMemberDeclaratorSyntax, string> nameOf)
    {
        switch (expression.WithoutParentheses())
        {
            case AnonymousObjectCreationExpressionSyntax anonymous:
                return [.. anonymous.Initializers.Select(member => (nameOf(member), member.Expression))];
            case BaseObjectCreationExpressionSyntax { Initializer: { } initializer }:
                return new JsonLowering(flow, scope, hoist).Entries(initializer, scope.TypeOf(expression))
                    ?.Select(entry => (entry.Name, entry.Value)).ToArray();
        }

        flow.Reporter.Report(
            Descriptors.NoSetting, expression.GetLocation(), expression,
            "an object such as new { Accept = \"text/csv\" }, or a dictionary with an initializer");
        return null;
    }

    private static string HeaderName(AnonymousObjectMemberDeclaratorSyntax member)
    {
        var name = member.NameEquals?.Name ?? (member.Expression as MemberAccessExpressionSyntax)?.Name;
        return name?.Identifier.ValueText.Replace('_', '-') ?? "";
    }
}
