namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>Tests that measure: no other one runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
