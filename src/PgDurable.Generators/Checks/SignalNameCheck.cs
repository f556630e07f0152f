using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Names of signals.</summary>
internal static class SignalNameCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string name) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => "a signal has a name, by which it is sent",
        _ when name.IndexOf(SqlPlaces.Hole) >= 0 => "a signal's name is taken literally and can't have a hole",
        _ when name.IndexOf('\0') >= 0 => "PostgreSQL can't store the character NUL",
        _ => null,
    };
}
