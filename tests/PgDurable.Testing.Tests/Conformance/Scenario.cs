namespace PgDurable.Testing.Tests.Conformance;

/// <summary>A workflow that runs in memory and on a server, and does the same.</summary>
public sealed record Scenario(string Name, string GraphJson)
{
    public Scenario(string name, DfNode graph)
        : this(name, graph.ToJson())
    {
    }

    public string Input { get; init; } = """{"n":3,"text":"it's","none":null,"list":[1,2]}""";

    /// <summary>Signals sent before the instance starts.</summary>
    public IReadOnlyList<(string Name, string Data)> Signals { get; init; } = [];

    public IReadOnlyList<(string Name, DfNode Graph)> Children { get; init; } = [];

    public override string ToString() => Name;
}
