using System.CommandLine;
using PgDurable.Cli.Workflows;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable register</c></summary>
internal static class RegisterCommand
{
    public static Command Create()
    {
        var assembly = CommonOptions.Assembly();
        var workflows = CommonOptions.Workflow();
        var role = CommonOptions.Role();
        var command = new Command("register", "Registers an assembly's workflows in the database, either all or none of them.")
        {
            assembly, workflows, role,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var all = WorkflowAssembly.Read(parsed.GetRequiredValue(assembly), parsed.GetValue(workflows));
            await using var connection = await session.ConnectAsync(parsed.GetValue(role), ct);
            await PgDurableRegistration.RegisterAsync(connection, all, Overwrite.Never, ct);
            session.Output.Write(
                all.Select(each => new { each.Name, each.Version }),
                string.Join('\n', all.Select(each => $"{each.Name} version {each.Version} is registered")));
            return ExitCode.Ok;
        });
        return command;
    }
}
