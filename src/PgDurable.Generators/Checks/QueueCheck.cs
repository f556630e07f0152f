using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Checks;

/// <summary>Checks names of queues.</summary>
internal static class QueueCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string name) => name switch
    {
        _ when name.Length - name.Count(char.IsLowSurrogate) is < 1 or > Limits.MaxActivityName =>
            $"a queue's name has 1 to {Limits.MaxActivityName} characters",
        _ when name.IndexOf(SqlPlaces.Placeholder) >= 0 => "a queue's name is taken literally, so it can't contain an interpolation",
        _ when name.IndexOf('\0') >= 0 => "PostgreSQL can't store the character NUL",
        _ => null,
    };
}
