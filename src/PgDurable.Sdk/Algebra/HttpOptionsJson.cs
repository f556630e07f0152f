using System.Text.Json.Nodes;

namespace PgDurable;

/// <summary>Writes the argument of <c>df.with_http_options</c>.</summary>
internal static class HttpOptionsJson
{
    /// <summary>The options that differ from their defaults, or null if there are none.</summary>
    public static string? Write(HttpOptions options)
    {
        var json = new JsonObject();
        if (options.MaxRequestBytes is { } request)
            json["max_request_bytes"] = request;
        if (options.MaxResponseBytes is { } response)
            json["max_response_bytes"] = response;
        if (options.Response != HttpResponseMode.Inline)
            json["response"] = options.Response.ToString().ToLowerInvariant();
        if (options.ResponseHeaders is { } headers)
            json["response_headers"] = new JsonArray([.. headers.Select(name => (JsonNode)Checked(name))]);
        if (options.Into is { } into)
            json["into"] = Checked(into);
        var bindings = new JsonObject();
        Add("headers", options.SecretHeaders);
        Add("query", options.SecretQuery);
        Add("form", options.SecretForm);
        if (bindings.Count > 0)
            json["secret_bindings"] = bindings;
        if (options.FormFields is { } fields)
            json["form_fields"] =
                new JsonObject(fields.Select(field => KeyValuePair.Create(Checked(field.Key), (JsonNode?)Checked(field.Value))));
        return json.Count == 0 ? null : JsonArgument.Text(json);

        void Add(string where, IReadOnlyDictionary<string, Secret>? secrets)
        {
            if (secrets is null)
                return;
            bindings[where] =
                new JsonObject(secrets.Select(secret => KeyValuePair.Create(Checked(secret.Key), (JsonNode?)Reference(secret.Value))));
        }
    }

    private static JsonObject Reference(Secret secret)
    {
        var reference = new JsonObject { ["server"] = Checked(secret.Server), ["key"] = Checked(secret.Key) };
        if (secret.Prefix.Length > 0)
            reference["prefix"] = Checked(secret.Prefix);
        return reference;
    }

    private static string Checked(string text)
    {
        StepText.Check(text);
        return text;
    }
}
