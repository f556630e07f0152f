using System.Globalization;
using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>An argument in the call of a SQL composer.</summary>
internal readonly record struct Argument<TNode>
    where TNode : class
{
    public Argument(string name, TNode? node) => (Name, Node) = (name, node);

    public Argument(string name, string? text) => (Name, Expression) = (name, text is null ? null : SqlQuote.Literal(text));

    public Argument(string name, decimal? number) => (Name, Expression) = (name, number?.ToString(CultureInfo.InvariantCulture));

    public Argument(string name, IReadOnlyCollection<string>? texts) =>
        (Name, Expression) = (name, texts is null ? null : $"ARRAY[{string.Join(", ", texts.Select(SqlQuote.Literal))}]");

    /// <summary>A flag, which is left out if it is false.</summary>
    public Argument(string name, bool flag) => (Name, Expression) = (name, flag ? "true" : null);

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>A node, or null.</summary>
    public TNode? Node { get; }

    /// <summary>A SQL expression, or null.</summary>
    public string? Expression { get; init; }

    public bool IsGiven => Node is not null || Expression is not null;

    /// <summary>A path below the base URL of a server.</summary>
    public static Argument<TNode> Endpoint(string name, string server, string path) =>
        new(name, (string?)null) { Expression = $"df.endpoint({SqlQuote.Literal(server)}, {SqlQuote.Literal(path)})" };
}
