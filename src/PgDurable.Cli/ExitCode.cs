namespace PgDurable.Cli;

/// <summary>The tool's exit codes.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran and found something that needs attention.</summary>
    public const int Findings = 1;

    /// <summary>The command line is wrong, or the assembly can't be used.</summary>
    public const int Usage = 2;

    /// <summary>The database can't be reached, or it rejected the login.</summary>
    public const int NoConnection = 3;

    /// <summary>The database refused the operation.</summary>
    public const int Refused = 4;
}
