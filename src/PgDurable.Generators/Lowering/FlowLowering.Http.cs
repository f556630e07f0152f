using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Checks;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Model;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

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

        var json = call["json"] is { } body ? new JsonLowering(flow, scope, hoist).Lower(body) : null;
        var headers = call["headers"] is { } given ? Headers(given, hoist) : null;
        var seconds = Defaults.HttpTimeoutSeconds;
        if (call["timeout"] is { } timeout)
            seconds = Attempt(timeout) ?? 0;

        var options = call["options"] is { } more ? new HttpOptionsReader(flow, Settings).Read(more) : [];
        string? name = null;
        foreach (var (type, argument) in call.Outs)
            name = Bind(argument, type);
        if (url is null || seconds == 0 || (json is null && call["json"] is not null) || (headers is null && call["headers"] is not null)
            || (endpoint is null && call["endpoint"] is not null) || options is null)
            return null;

        var settings = new HttpSettings
        {
            Url = url,
            Endpoint = endpoint,
            Method = call.Method.Name.Substring(4).ToUpperInvariant(),
            Body = json,
            Headers = headers,
            TimeoutSeconds = seconds,
            Options = options,
        };
        var node = Compose.Http(json is null ? NodeKind.Http : NodeKind.HttpJson, settings);
        node.Name = name;
        return Retried(call, node) is { } retried ? hoist.Before(retried) : null;
    }

    private int? Attempt(ExpressionSyntax timeout) =>
        (int?)Settings.Seconds(
            timeout, 1, Limits.MaxWaitSeconds, isWhole: true, "a request's timeout must be a whole number of seconds, at least one");

    private string? Headers(ExpressionSyntax expression, Hoist hoist)
    {
        var text = new TextLowering(flow, scope, hoist);
        IEnumerable<(string Name, ExpressionSyntax Value)>? members = expression.WithoutParentheses() switch
        {
            AnonymousObjectCreationExpressionSyntax anonymous =>
                anonymous.Initializers.Select(member => (HeaderName(member), member.Expression)),
            BaseObjectCreationExpressionSyntax { Initializer: { } initializer } =>
                new JsonLowering(flow, scope, hoist).Entries(initializer, scope.TypeOf(expression))
                    ?.Select(entry => (entry.Name, entry.Value)),
            _ => null,
        };
        if (members is null)
        {
            flow.Reporter.Report(
                Descriptors.NoSetting, expression.GetLocation(), expression,
                "an object such as new { Accept = \"text/csv\" }, or a dictionary with an initializer");
            return null;
        }

        var headers = members.Select(member => (member.Name, Json: text.Lower(member.Value))).ToArray();
        return headers.Any(header => header.Json is null)
            ? null
            : JsonObjectText.Write(headers.Select(header => (header.Name, JsonLowering.Quote(header.Json!))));
    }

    private static string HeaderName(AnonymousObjectMemberDeclaratorSyntax member)
    {
        var name = member.NameEquals?.Name ?? (member.Expression as MemberAccessExpressionSyntax)?.Name;
        return name?.Identifier.ValueText.Replace('_', '-') ?? "";
    }
}
