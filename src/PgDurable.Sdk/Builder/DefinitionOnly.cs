namespace PgDurable;

internal static class DefinitionOnly
{
    public static InvalidOperationException Error() => new(
        "Define can't be executed: the generator only reads it at compile time. To run the workflow, call the StartAsync that was " +
        "generated for its class. To look at the graph, use the generated Definition.");

    public static InvalidOperationException NotGenerated() => new(
        "The workflow's class has no Definition. Mark the class with [Workflow(…)], make it partial, and fix the compiler's " +
        "errors and warnings about it.");
}
