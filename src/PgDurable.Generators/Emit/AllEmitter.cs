using Microsoft.CodeAnalysis.CSharp;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the lists of all workflows and of all activities in the assembly.</summary>
internal static class AllEmitter
{
    /// <summary>The MSBuild property that names the namespace of public lists.</summary>
    public const string NamespaceProperty = "PgDurablePublicNamespace";

    public static string Workflows(EquatableArray<string> classes, string? space) =>
        Emit(classes, space, "workflows", "PgDurableWorkflows", "PgDurableRegistration.RegisterAsync", "WorkflowDefinition");

    public static string Activities(EquatableArray<string> classes, string? space) =>
        Emit(classes, space, "activities", "PgDurableActivities", "AddPgDurableActivities", "ActivityDefinition");

    private static string Emit(EquatableArray<string> classes, string? space, string what, string name, string user, string definition)
    {
        var source = new SourceWriter();
        source.Begin("", []);
        source.Open("namespace PgDurable");

        // Embedded: a project that sees the internals of another one has its own list, and no use for the other's.
        source.Line($"/// <summary>The {what} of this assembly.</summary>");
        source.Line("[global::Microsoft.CodeAnalysis.Embedded]");
        source.Open($"internal static class {name}");
        source.Line($"/// <summary>The definitions of all {what} in this assembly, for <c>{user}</c>.</summary>");
        source.Line($"public static global::System.Collections.Generic.IReadOnlyList<global::PgDurable.{definition}> All {{ get; }} =");
        source.Line("[");
        foreach (var type in classes)
            source.Line($"    {type}.Definition,");
        source.Line("];");
        source.Close();
        source.Close();
        if (!string.IsNullOrWhiteSpace(space))
            EmitPublic(source, space!.Trim(), what, name, definition);
        return source.ToString();
    }

    private static void EmitPublic(SourceWriter source, string space, string what, string name, string definition)
    {
        source.Line();
        if (space == "PgDurable" || !space.Split('.').All(SyntaxFacts.IsValidIdentifier))
        {
            source.Line(
                $"#error {NamespaceProperty} is '{space}', which can't be used: write a namespace of this assembly, such as Shop.Orders");
            return;
        }

        source.Open($"namespace {string.Join(".", space.Split('.').Select(part => "@" + part))}");
        source.Line($"/// <summary>The {what} of this assembly.</summary>");
        source.Open($"public static class {name}");
        source.Line($"/// <summary>The definitions of all {what} in this assembly.</summary>");
        source.Line(
            $"public static global::System.Collections.Generic.IReadOnlyList<global::PgDurable.{definition}> All => " +
            $"global::PgDurable.{name}.All;");
        source.Close();
        source.Close();
    }
}
