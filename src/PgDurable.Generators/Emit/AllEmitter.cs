using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the lists of all workflows and of all activities in the assembly.</summary>
internal static class AllEmitter
{
    public static string Workflows(EquatableArray<string> classes) =>
        Emit(classes, "workflows", "PgDurableWorkflows", "PgDurableRegistration.RegisterAsync", "WorkflowDefinition");

    public static string Activities(EquatableArray<string> classes) =>
        Emit(classes, "activities", "PgDurableActivities", "AddPgDurableActivities", "ActivityDefinition");

    private static string Emit(EquatableArray<string> classes, string what, string name, string user, string definition)
    {
        var source = new SourceWriter();
        source.Begin("PgDurable", []);
        source.Line($"/// <summary>The {what} of this assembly.</summary>");
        source.Open($"internal static class {name}");
        source.Line($"/// <summary>The definitions of all {what} in this assembly, for <c>{user}</c>.</summary>");
        source.Line($"public static global::System.Collections.Generic.IReadOnlyList<global::PgDurable.{definition}> All {{ get; }} =");
        source.Line("[");
        foreach (var type in classes)
            source.Line($"    {type}.Definition,");
        source.Line("];");
        source.Close();
        return source.ToString();
    }
}
