using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Checks names of signals.</summary>
internal static class SignalNameCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string name) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => "a signal needs a name, because it is sent by name",
        _ when name.IndexOf(SqlPlaces.Placeholder) >= 0 => "a signal's name is taken literally, so it can't contain an interpolation",
        _ when name.IndexOf('\0') >= 0 => "PostgreSQL can't store the character NUL",
        _ => null,
    };
}
