using System.CommandLine;
using PgDurable.Cli.Workflows;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable script</c></summary>
internal static class ScriptCommand
{
    public static Command Create()
    {
        var assembly = CommonOptions.Assembly();
        var workflows = CommonOptions.Workflow();
        var role = CommonOptions.Role();
        var file = new Option<FileInfo?>("--output", "-o") { Description = "The file to write. Default: standard output." };
        var drop = new Option<bool>("--drop") { Description = "Write a script that removes these versions instead." };
        var command = new Command(
            "script", "Writes an idempotent SQL script that registers an assembly's workflows, for psql, Flyway, DbUp or dbmate.")
        {
            assembly, workflows, role, file, drop,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var all = WorkflowAssembly.Read(parsed.GetRequiredValue(assembly), parsed.GetValue(workflows));
            var script = parsed.GetValue(drop)
                ? RegistrationScript.WriteDrop(all, parsed.GetValue(role))
                : RegistrationScript.WriteWithComments(all, parsed.GetValue(role));
            if (parsed.GetValue(file) is { } target)
                await File.WriteAllTextAsync(target.FullName, script, ct);
            if (session.Output.IsJson)
                session.Output.WriteJson(new { Workflows = all.Select(each => new { each.Name, each.Version }), Script = script });
            else if (parsed.GetValue(file) is null)
                session.Output.WriteLine(script);
            return ExitCode.Ok;
        });
        return command;
    }
}
