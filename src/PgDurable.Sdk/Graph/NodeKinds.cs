namespace PgDurable.Graph;

/// <summary>The names of node kinds in the envelope.</summary>
internal static class NodeKinds
{
    // In the order of the enumeration, which is that in which messages list them.
    private static readonly string[] Names =
    [
        "SQL", "THEN", "IF", "JOIN", "LOOP", "BREAK", "RACE", "SLEEP", "WAIT_SCHEDULE", "HTTP", "HTTP_MULTIPART", "SIGNAL",
        "RETRY", "TIMEOUT", "TRY", "FAIL", "UNDO", "FOREACH", "CALL", "HTTP_JSON",
    ];

    public static string All { get; } = string.Join(", ", Names);

    public static string Name(NodeKind kind) => Names[(int)kind];

    public static bool TryParse(string name, out NodeKind kind)
    {
        var index = Array.IndexOf(Names, name);
        kind = (NodeKind)index;
        return index >= 0;
    }
}
