using System.Text.Json.Serialization;

namespace PgDurable.Cli.Check;

/// <summary>A problem that a workflow would have when it runs.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Version">The workflow's version.</param>
/// <param name="Step">The step: the name of its result, or the beginning of its SQL.</param>
/// <param name="Source">The step's C# file and line, or null if they are unknown.</param>
/// <param name="SqlState">PostgreSQL's error code, or null if the error isn't PostgreSQL's.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">How to fix it, or null.</param>
/// <param name="Near">The SQL text at the position of the error, or null if it is unknown.</param>
internal sealed record Finding(
    string Workflow, int Version, string Step, string? Source, string? SqlState, string Message, string? Hint, string? Near)
{
    /// <summary>The step, with its file and line if they are known.</summary>
    [JsonIgnore]
    public string Place => $"{Source ?? Workflow}: {Workflow} {Version}, step '{Step}'";

    /// <summary>Writes the finding for people.</summary>
    public void Show(Output output)
    {
        output.WriteLine($"{Place}: {Message}" + (SqlState is null ? "" : $" (SQLSTATE {SqlState})"));
        if (Near is not null)
            output.WriteLine($"    at: {Near}");
        if (Hint is not null)
            output.WriteLine($"    {Hint}");
    }
}

/// <summary>The result of a check.</summary>
/// <param name="Findings">The problems that were found.</param>
/// <param name="Unchecked">The steps that can't be checked, because PostgreSQL can't prepare them or they depend on values.</param>
internal sealed record CheckReport(List<Finding> Findings, List<string> Unchecked)
{
    /// <summary>The number of statements that were checked.</summary>
    public int Checked { get; set; }

    /// <summary>The number of activities that the workflows need.</summary>
    public int Activities { get; set; }
}
