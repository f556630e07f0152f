namespace PgDurable.Generators.Tests.Analyzers;

/// <summary>The sources of the mistakes.</summary>
public sealed partial class DiagnosticsTests
{
    private static string Class(string header, string interfaces = "IWorkflow<In>", string name = "\"w\"", bool records = true) =>
        $$"""
        {{(records ? "public record In(int Id);" : "")}}
        [Workflow({{name}})]
        {{header}} : {{interfaces}}
        {
            public static Flow Define(Flow flow, In input) => flow.Execute("SELECT 1");
        }

        """;

    private static string Tagged(string members) =>
        Define("=> flow.Execute(\"SELECT 1\");").Replace("In(int Id", $"In({members}", StringComparison.Ordinal);

    private static string Define(string body, string members = "") =>
        $$"""
        public record In(int Id);
        [Workflow("w")]
        public sealed partial class W : IWorkflow<In>
        {
            {{members}}
            public static Flow Define(Flow flow, In input) {{body}}
        }
        """;

    private static string Typed(string input, string output, bool inputIsWrong) =>
        $$"""
        public record In({{input}});
        public record Out({{output}});
        [Workflow("w")]
        public sealed partial class W : IWorkflow<In, Out>
        {
            public static {{(inputIsWrong ? "Flow<Out>" : "⟦Flow<Out>⟧")}} Define(Flow flow, {{(inputIsWrong ? "⟦In⟧" : "In")}} input) =>
                flow.QuerySingle<Out>("SELECT 1");
        }
        """;
}
