namespace PgDurable;

internal static class DefinitionOnly
{
    public static InvalidOperationException Error() => new(
        "Define is read while the project compiles and is never executed. To run the workflow, call the generated StartAsync of its " +
        "class; to look at its graph, use the generated Definition.");

    public static InvalidOperationException NotGenerated() => new(
        "The workflow's class has no Definition: mark it with [Workflow(…)] and make it partial, and look at what the compiler says about it.");
}
