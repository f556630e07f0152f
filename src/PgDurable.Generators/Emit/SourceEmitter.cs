using PgDurable.Generators.Model;
using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the part of a workflow's class that names the lines of C# behind its graph.</summary>
internal static class SourceEmitter
{
    public static string Emit(SourceSpec workflow, string directory)
    {
        var lines = workflow.Lines.Select(line => $"{Relative(line.File, directory)}:{line.Line}").ToArray();
        var source = new SourceWriter();
        source.Begin(workflow.Namespace, workflow.TypeHeaders);
        var sql = SourceWriter.Literal(SourceComment.Fill(workflow.SqlText, lines));
        source.Line($"private const string __PgDurableSql = {sql};");
        source.Line();
        source.Line("private static string?[] __PgDurableSources() =>");
        source.Line("[");
        foreach (var line in lines)
            source.Line($"    {SourceWriter.Literal(line)},");
        source.Line("];");
        foreach (var _ in workflow.TypeHeaders)
            source.Close();
        return source.ToString();
    }

    // An absolute path would mean nothing on another machine.
    private static string Relative(string file, string directory)
    {
        var path = file.Replace('\\', '/');
        var root = directory.Replace('\\', '/');
        return root.Length > 0 && path.StartsWith(root, StringComparison.Ordinal) ? path.Substring(root.Length).TrimStart('/')
            : path.Substring(path.LastIndexOf('/') + 1);
    }
}
