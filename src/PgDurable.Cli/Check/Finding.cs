namespace PgDurable.Cli.Check;

/// <summary>Something that would go wrong when a workflow runs.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Step">The step: its result's name, or how its SQL begins.</param>
/// <param name="Source">Its C# file and line; null when they are not known.</param>
/// <param name="SqlState">PostgreSQL's code; null when PostgreSQL was not asked.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="Near">The place in the SQL.</param>
internal sealed record Finding(
    string Workflow, int Version, string Step, string? Source, string? SqlState, string Message, string? Hint, string? Near);

/// <summary>What checking found.</summary>
/// <param name="Findings">What is wrong.</param>
/// <param name="Unchecked">Steps that can't be: PostgreSQL prepares no such statements, or it takes values to know.</param>
internal sealed record CheckReport(List<Finding> Findings, List<string> Unchecked)
{
    /// <summary>How many statements were checked.</summary>
    public int Checked { get; set; }
}
