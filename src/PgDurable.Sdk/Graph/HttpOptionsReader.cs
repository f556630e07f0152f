using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>
/// Reads the options of an HTTP node. It refuses what the SQL functions <c>df._http_options_problem</c> and <c>df._secrets_problem</c>
/// refuse, with the same messages.
/// </summary>
internal static partial class HttpOptionsReader
{
    private const string BadBindings = "Invalid secret bindings: expected header/query/form maps of secret references";

    // They say where a message ends and which connection it travels on.
    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "content-type", "content-length", "transfer-encoding", "connection", "proxy-authorization", "proxy-authenticate", "te",
        "trailer", "upgrade", "keep-alive",
    };

    private static readonly Regex Table = TablePattern();

    /// <param name="kind">The kind of the node.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="method">Its method.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="body">Its body, as written.</param>
    /// <exception cref="FormatException">The options aren't allowed for the request.</exception>
    public static HttpNodeOptions Read(
        NodeKind kind, ConfigObject config, string method, ImmutableArray<KeyValuePair<string, string>> headers, string? body)
    {
        if (!config.HasHttpOptions)
            return HttpNodeOptions.None;
        var options = new HttpNodeOptions
        {
            MaxRequestBytes = Bytes(config, "max_request_bytes"),
            MaxResponseBytes = Bytes(config, "max_response_bytes"),
            Response = Response(config),
            ResponseHeaders = ResponseHeaders(config),
            Into = config.Text("into"),
        };
        if (options.Response == HttpResponseMode.Sink != config.IsGiven("into") || (config.IsGiven("into") && options.Into is null))
            throw new FormatException("invalid body options: into is required with response sink and not allowed with any other response");
        if (options.Into is { } into)
            SinkTable(into);
        return ReadSecrets(kind, config, options, method, headers, body);
    }

    /// <summary>The parts of a table's name.</summary>
    /// <exception cref="FormatException">The name doesn't have two parts.</exception>
    public static (string Schema, string Name) SinkTable(string into)
    {
        var match = Table.Match(into);
        if (!match.Success)
            throw new FormatException("invalid body options: into must be the name of a table with its schema, such as public.bodies");
        return (Part(match.Groups[1].Value), Part(match.Groups[2].Value));
    }

    /// <summary>The problem with an endpoint, or null. The messages are those of <c>df._endpoint_problem</c>.</summary>
    public static string? EndpointProblem(string server, string path)
    {
        if (server.Length == 0 || server.Any(char.IsControl))
            return "Endpoint server name must be nonempty and contain no control characters";
        if (path.Length == 0 || path[0] != '/' || path.StartsWith("//", StringComparison.Ordinal)
            || path.Any(c => c is '\\' or '#' || char.IsWhiteSpace(c) || char.IsControl(c)))
            return "Endpoint path must start with one slash and contain no backslash, fragment or whitespace";
        foreach (var segment in path.Split('?')[0].Split('/'))
        {
            var dots = segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (dots is "." or ".." || segment.Contains("%2f", StringComparison.OrdinalIgnoreCase)
                || segment.Contains("%5c", StringComparison.OrdinalIgnoreCase))
                return "Endpoint path cannot contain traversal segments or encoded separators";
        }
        return null;
    }

    private static HttpNodeOptions ReadSecrets(
        NodeKind kind, ConfigObject config, HttpNodeOptions options, string method,
        ImmutableArray<KeyValuePair<string, string>> headers, string? body)
    {
        if (config.IsGiven("secret_bindings"))
        {
            var maps = config.Value("secret_bindings");
            if (maps.ValueKind != JsonValueKind.Object
                || maps.EnumerateObject().Any(map =>
                    map.Name is not ("headers" or "query" or "form") || map.Value.ValueKind != JsonValueKind.Object))
                throw new FormatException(BadBindings);
            options = options with
            {
                SecretHeaders = Bindings(maps, "headers"),
                SecretQuery = Bindings(maps, "query"),
                SecretForm = Bindings(maps, "form"),
            };
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var header in options.SecretHeaders)
            {
                if (!HeaderName().IsMatch(header.Name))
                    throw new FormatException("Invalid credential header name");
                if (Framing.Contains(header.Name))
                    throw new FormatException("Credential headers cannot control HTTP routing or framing");
                if (!names.Add(header.Name))
                    throw new FormatException("Duplicate secret header binding (case-insensitive)");
                if (header.Prefix.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                    throw new FormatException("Invalid secret header prefix");
            }
            foreach (var field in options.SecretQuery.Concat(options.SecretForm))
            {
                if (field.Name.Length == 0 || field.Name.Any(char.IsControl))
                    throw new FormatException("Secret field names must be nonempty without control characters");
                if (field.Prefix.Length > 0)
                    throw new FormatException("Secret prefixes are supported only in header bindings");
            }
        }
        if (config.IsGiven("form_fields"))
            options = options with { FormFields = FormFields(config.Value("form_fields")) };
        if (!options.IsForm)
            return options;

        if (kind == NodeKind.HttpMultipart || body is not null)
            throw new FormatException("Form fields cannot be combined with a raw body or multipart request");
        if (method is "GET" or "DELETE")
            throw new FormatException("Form fields require POST, PUT or PATCH");
        if (options.FormFields is { } fields && options.SecretForm.Any(secret => fields.Any(field => field.Key == secret.Name)))
            throw new FormatException("A form field cannot have both an ordinary value and a secret binding");
        foreach (var (name, value) in headers)
        {
            if (FormHeaderProblem(name, value) is { } problem
                && !value.Contains('$', StringComparison.Ordinal) && !value.Contains('{', StringComparison.Ordinal))
                throw new FormatException(problem);
        }
        return options;
    }

    /// <summary>The problem with a header of a request whose body is a form, or null.</summary>
    public static string? FormHeaderProblem(string name, string value) => name.ToLowerInvariant() switch
    {
        "content-length" or "transfer-encoding" => "Form requests cannot override HTTP body framing",
        "content-type" when !value.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) =>
            "Form requests require application/x-www-form-urlencoded Content-Type",
        _ => null,
    };

    private static ImmutableArray<SecretBinding> Bindings(JsonElement maps, string where)
    {
        if (!maps.TryGetProperty(where, out var map))
            return [];
        var bindings = ImmutableArray.CreateBuilder<SecretBinding>();
        foreach (var entry in map.EnumerateObject().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var reference = entry.Value;
            if (reference.ValueKind != JsonValueKind.Object
                || reference.EnumerateObject().Any(member =>
                    member.Name is not ("server" or "key" or "prefix") || member.Value.ValueKind != JsonValueKind.String)
                || !reference.TryGetProperty("server", out var server) || !reference.TryGetProperty("key", out var key))
                throw new FormatException(BadBindings);
            if (SecretProblem(server.GetString()!, key.GetString()!) is { } problem)
                throw new FormatException(problem);
            bindings.Add(new SecretBinding(
                entry.Name, server.GetString()!, key.GetString()!,
                reference.TryGetProperty("prefix", out var prefix) ? prefix.GetString()! : ""));
        }
        return bindings.ToImmutable();
    }

    /// <summary>The problem with a reference to a secret, or null. The messages are those of <c>df._secret_problem</c>.</summary>
    public static string? SecretProblem(string server, string key)
    {
        if (server.Length == 0 || server.Any(char.IsControl))
            return "Secret references require a nonempty server name without control characters";
        return key.Length == 0 || key.Any(c => c == '=' || char.IsControl(c))
            ? "Secret keys must be nonempty without control characters or '='"
            : null;
    }

    private static ImmutableArray<KeyValuePair<string, string>> FormFields(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object
            || fields.EnumerateObject().Any(field => field.Value.ValueKind != JsonValueKind.String))
            throw new FormatException("Form fields must be an object of string values");
        if (fields.EnumerateObject().Any(field => field.Name.Length == 0 || field.Name.Any(char.IsControl)))
            throw new FormatException("Form field names must be nonempty without control characters");
        return [.. fields.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value.GetString()!))];
    }

    private static long? Bytes(ConfigObject config, string key)
    {
        if (!config.IsGiven(key))
            return null;
        return config.NumberIn(key, 0, Limits.MaxBodyBytes, isWhole: true) is { } bytes
            ? (long)bytes
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"invalid body options: {key} must be a whole number of bytes"));
    }

    private static HttpResponseMode Response(ConfigObject config)
    {
        if (!config.IsGiven("response"))
            return HttpResponseMode.Inline;
        var value = config.Value("response");
        var text = value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() == 1
            && value.TryGetProperty("sink", out var sink) && sink.ValueKind == JsonValueKind.Null
            ? "sink"
            : config.Text("response");
        return text switch
        {
            "inline" => HttpResponseMode.Inline,
            "metadata" => HttpResponseMode.Metadata,
            "discard" => HttpResponseMode.Discard,
            "sink" => HttpResponseMode.Sink,
            _ => throw new FormatException("invalid body options: response must be inline, metadata, discard or sink"),
        };
    }

    private static ImmutableArray<string>? ResponseHeaders(ConfigObject config)
    {
        if (!config.IsGiven("response_headers"))
            return null;
        var value = config.Value("response_headers");
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            throw new FormatException("invalid body options: response_headers must be a list of names");
        if (value.EnumerateArray().Any(name => !HeaderName().IsMatch(name.GetString()!)))
            throw new FormatException("invalid body options: response_headers must be valid HTTP header names");
        return [.. value.EnumerateArray().Select(name => name.GetString()!)];
    }

    private static string Part(string written) =>
        written[0] == '"' ? written[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : LowerAscii(written);

    private static string LowerAscii(string text) =>
        text
            .Aggregate(new StringBuilder(text.Length), (lower, c) => lower.Append(char.IsAscii(c) ? char.ToLowerInvariant(c) : c))
            .ToString();

    private const string Identifier = @"(""(?:[^""]|"""")+""|[A-Za-z_\u0080-\uFFFF][A-Za-z0-9_$\u0080-\uFFFF]*)";

    [GeneratedRegex(@"\A\s*" + Identifier + @"\s*\.\s*" + Identifier + @"\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex TablePattern();

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();
}
