using System.CommandLine;

namespace PgDurable.Cli;

/// <summary>Options and arguments that commands share.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Connection = new("--connection", "-c")
    {
        Description = "Npgsql connection string, such as \"Host=localhost;Database=shop;Username=app\". "
            + "Default: PGDURABLE_CONNECTION, or else PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD.",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Write JSON instead of text.", Recursive = true };

    /// <summary>The options that every command has.</summary>
    public static readonly Option[] All = [Connection, Json];

    /// <summary>The assembly to read the workflows from.</summary>
    public static Option<FileInfo> Assembly() => new("--assembly", "-a")
    {
        Description = "The application's built assembly, such as bin/Release/net10.0/App.dll.",
        Required = true,
    };

    public static Option<string[]> Workflow() => new("--workflow", "-w")
    {
        Description = "Only this workflow of the assembly. Can be repeated.",
    };

    public static Option<string?> Role() => new("--role", "-r")
    {
        Description = "The role that owns the workflows and that they run as. The connected role must be a member of it. "
            + "Default: the connected role.",
    };

    public static Argument<string> Instance() => new("id") { Description = "The instance's id." };
}
