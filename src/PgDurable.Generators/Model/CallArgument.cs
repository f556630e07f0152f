using System.Globalization;
using PgDurable.Sql;

namespace PgDurable.Generators.Model;

/// <summary>An argument of a SQL composer.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Node">A node, or null.</param>
/// <param name="Text">A SQL literal, or null.</param>
internal readonly record struct CallArgument(string Name, GraphNode? Node, string? Text)
{
    public bool IsGiven => Node is not null || Text is not null;

    public static CallArgument Of(string name, GraphNode? node) => new(name, node, null);

    public static CallArgument Of(string name, string? text) => new(name, null, text is null ? null : SqlQuote.Literal(text));

    /// <summary>A flag, left out if it is false.</summary>
    public static CallArgument OfFlag(string name, bool flag) => new(name, null, flag ? "true" : null);

    public static CallArgument Of(string name, decimal? number) => new(name, null, number?.ToString(CultureInfo.InvariantCulture));

    /// <summary>A path below the base URL of a server.</summary>
    public static CallArgument Endpoint(string name, string server, string path) =>
        new(name, null, $"df.endpoint({SqlQuote.Literal(server)}, {SqlQuote.Literal(path)})");

    public static CallArgument Of(string name, IReadOnlyCollection<string>? texts) =>
        new(name, null, texts is null ? null : $"ARRAY[{string.Join(", ", texts.Select(SqlQuote.Literal))}]");

    /// <summary>Leaves the argument out if it has its default value.</summary>
    public CallArgument Unless(string literal) => Text == literal ? this with { Text = null } : this;
}
