using System.CommandLine;

namespace PgDurable.Cli;

/// <summary>Options and arguments that several commands have.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Connection = new("--connection", "-c")
    {
        Description = "Connection string of Npgsql, such as \"Host=localhost;Database=shop;Username=app\". Default: PGDURABLE_CONNECTION, then PGHOST, PGPORT, "
            + "PGDATABASE, PGUSER and PGPASSWORD.",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Write JSON, for programs.", Recursive = true };

    /// <summary>The options of every command.</summary>
    public static readonly Option[] All = [Connection, Json];

    /// <summary>Where the workflows are.</summary>
    public static Option<FileInfo> Assembly() => new("--assembly", "-a")
    {
        Description = "The application's built assembly, such as bin/Release/net10.0/App.dll.",
        Required = true,
    };

    public static Option<string[]> Workflow() => new("--workflow", "-w") { Description = "This workflow of the assembly only; may be repeated." };

    public static Option<string?> Role() => new("--role", "-r")
    {
        Description = "The role that the workflows belong to and run as. Default: the connected role, which must otherwise be a member of it.",
    };

    public static Argument<string> Instance() => new("id") { Description = "The instance's id." };
}
