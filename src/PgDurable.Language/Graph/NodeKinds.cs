namespace PgDurable.Graph;

/// <summary>The names of node kinds in the envelope.</summary>
internal static class NodeKinds
{
    // In the order in which messages list them.
    private static readonly (NodeKind Kind, string Name)[] Named =
    [
        (NodeKind.Sql, "SQL"), (NodeKind.Then, "THEN"), (NodeKind.If, "IF"), (NodeKind.Join, "JOIN"), (NodeKind.Loop, "LOOP"),
        (NodeKind.Break, "BREAK"), (NodeKind.Race, "RACE"), (NodeKind.Sleep, "SLEEP"), (NodeKind.WaitSchedule, "WAIT_SCHEDULE"),
        (NodeKind.Http, "HTTP"), (NodeKind.HttpMultipart, "HTTP_MULTIPART"), (NodeKind.Signal, "SIGNAL"), (NodeKind.Retry, "RETRY"),
        (NodeKind.Timeout, "TIMEOUT"), (NodeKind.Try, "TRY"), (NodeKind.Fail, "FAIL"), (NodeKind.Undo, "UNDO"),
        (NodeKind.ForEach, "FOREACH"), (NodeKind.Call, "CALL"), (NodeKind.HttpJson, "HTTP_JSON"),
        (NodeKind.Activity, "ACTIVITY"),
    ];

    private static readonly Dictionary<NodeKind, string> Names = Named.ToDictionary(pair => pair.Kind, pair => pair.Name);

    private static readonly Dictionary<string, NodeKind> Kinds =
        Named.ToDictionary(pair => pair.Name, pair => pair.Kind, StringComparer.Ordinal);

    private static readonly string All = string.Join(", ", Named.Select(pair => pair.Name));

    /// <summary>The message for a name that isn't one of them.</summary>
    public static string Unknown(string name) => $"Unknown node_type '{name}'. Valid types: {All}";

    public static string Name(NodeKind kind) => Names[kind];

    public static bool TryParse(string name, out NodeKind kind) => Kinds.TryGetValue(name, out kind);
}
