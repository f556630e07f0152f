using System.CommandLine;
using PgDurable.Cli.Commands;

namespace PgDurable.Cli;

/// <summary>Defines the command line.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Deploys, checks and operates durable workflows in PostgreSQL.")
        {
            ScriptCommand.Create(),
            RegisterCommand.Create(),
            DiffCommand.Create(),
            CheckCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            WatchCommand.Create(),
            HistoryCommand.Create(),
            ExplainCommand.Create(),
            SignalCommand.Create(),
            CancelCommand.Create(),
            OperateCommands.Pause(),
            OperateCommands.Resume(),
            OperateCommands.Retry(),
            DoctorCommand.Create(),
        };
        foreach (var option in CommonOptions.All)
            root.Options.Add(option);
        var parsed = root.Parse(arguments);
        var code = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }
}
