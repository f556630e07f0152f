namespace PgDurable.Cli;

/// <summary>What the tool returns to the shell.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It worked, and there is something to look at.</summary>
    public const int Findings = 1;

    /// <summary>The command line, or the assembly that it names, is not usable.</summary>
    public const int Usage = 2;

    /// <summary>The database can't be reached, or does not let the user in.</summary>
    public const int NoConnection = 3;

    /// <summary>The database refused what was asked for.</summary>
    public const int Refused = 4;
}
