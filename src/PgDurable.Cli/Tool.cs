using System.CommandLine;
using System.CommandLine.Help;
using PgDurable.Cli.Commands;

namespace PgDurable.Cli;

/// <summary>Defines the command line.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        var code = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    /// <summary>The command with all its verbs.</summary>
    internal static Command Create()
    {
        // A RootCommand would have the name of the executable file, which is another one.
        var root = new Command("pgdurable", "Deploys, checks and operates durable workflows in PostgreSQL.")
        {
            new HelpOption(),
            new VersionOption(),
            ScriptCommand.Create(),
            RegisterCommand.Create(),
            DiffCommand.Create(),
            CheckCommand.Create(),
            PrepareCommand.Create(),
            ListCommand.Create(),
            SearchCommand.Create(),
            ShowCommand.Create(),
            WhyCommand.Create(),
            WatchCommand.Create(),
            HistoryCommand.Create(),
            ExplainCommand.Create(),
            SignalCommand.Create(),
            CancelCommand.Create(),
            OperateCommands.Pause(),
            OperateCommands.Resume(),
            OperateCommands.Retry(),
            BulkCommand.Create(),
            ForkCommand.Create(),
            MigrateCommand.Create(),
            DoctorCommand.Create(),
            UiCommand.Create(),
        };
        foreach (var option in CommonOptions.All)
            root.Options.Add(option);
        return root;
    }
}
