namespace PgDurable;

internal static class DefinitionOnly
{
    public static InvalidOperationException Error() => new(
        "Define is read while the project compiles and is never executed. To run the workflow, call the generated StartAsync of its " +
        "class; to look at its graph, use the generated Definition.");

    public static InvalidOperationException NotGenerated() => new(
        "The workflow has no Definition: the generator of PgDurable.Sdk has not seen it. Mark it with [Workflow(…)], make it partial, and " +
        "see that the compilation has no PGD diagnostics.");
}
