using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Names of signals.</summary>
internal static class SignalNameCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string name) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => "A signal has a name: who sends it has to say which one it is.",
        _ when name.IndexOf(SqlPlaces.Hole) >= 0 => "A signal's name is taken literally: it can't have a hole.",
        _ when name.IndexOf('\0') >= 0 => "PostgreSQL can't store the character NUL.",
        _ => null,
    };
}
