using System.Collections.Immutable;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>The facts of an instance, with variables.</summary>
internal static class Facts
{
    public static readonly InstanceFacts None = Of();

    public static InstanceFacts Of(params (string Name, string Value)[] variables) => new(
        "i42", "nightly", null, variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value),
        TimeSpan.FromSeconds(1));
}
