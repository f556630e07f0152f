using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <summary>An instance, and what is to be done for it.</summary>
internal sealed record LoadedInstance(ActiveInstance Instance, Decision Decision);
