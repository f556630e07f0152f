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

    private static readonly string All = string.Join(", ", Names);

    /// <summary>What to say of a name that is none of them.</summary>
    public static string Unknown(string name) => $"Unknown node_type '{name}'. Valid types: {All}";

    public static string Name(NodeKind kind) => Names[(int)kind];

    public static bool TryParse(string name, out NodeKind kind)
    {
        var index = Array.IndexOf(Names, name);
        kind = (NodeKind)index;
        return index >= 0;
    }
}
