using System.Text.Json.Nodes;
using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>
/// Random graphs of all kinds of node. Dense graphs consist mostly of nodes that have a state to recover. Names come from a small set, so
/// that they are bound repeatedly and visible everywhere.
/// </summary>
internal sealed class RandomGraphs(Random random, bool isDense)
{
    public string Tree(int depth, int loops = 0)
    {
        var node = depth == 0 || random.Next(8) == 0 ? Leaf(loops) : Inner(depth - 1, loops);
        return random.Next(3) == 0 ? node.As(Name()) : node;
    }

    private static readonly int[] Dense = [0, 1, 2, 5, 7, 7, 11, 11, 11, 16, 17, 17, 9, 14];

    /// <summary>Whether the value of each BREAK can be read from the graph.</summary>
    public bool HasPlainBreaks { get; init; }

    private string Inner(int depth, int loops)
    {
        string Child() => Tree(depth, loops);

        return (isDense ? Dense[random.Next(Dense.Length)] : random.Next(20)) switch
        {
            < 5 => Then(Child(), Child()),
            5 => If(Child(), Child(), Child()),
            6 => IfRows(Name(), Child(), Child()),
            7 or 8 => Join(Children(depth, loops)),
            9 or 10 => Race(Children(depth, loops)),
            11 or 12 or 13 => Loop(
                Tree(depth, loops + 1),
                random.Next(3) > 0 ? Tree(Math.Min(depth, 1), loops + 1) : null,
                random.Next(3) == 0 ? random.Next(2) * 400 : null,
                random.Next(3) == 0),
            14 => Retry(Child(), random.Next(1, 4), random.Next(3), 2, 60, random.Next(2) == 0 ? ["P0001", "40"] : []),
            15 => Timeout(Child(), random.Next(1, 100) / 10.0),
            16 => Try(Child(), Child(), random.Next(2) == 0 ? Child() : null),
            17 or 18 => Undo(Child(), Child()),
            _ => ForEach(Name(), Child(), random.Next(2) == 0 ? "item" : Name(), random.Next(3) == 0 ? null : random.Next(1, 3)),
        };
    }

    private string[] Children(int depth, int loops) => [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Tree(depth, loops))];

    private string Leaf(int loops) => random.Next(18) switch
    {
        0 => Sleep(random.Next(3)),
        1 => Schedule("*/5 * * * *"),
        2 or 3 => Signal(random.Next(2) == 0 ? "go" : "stop", random.Next(2) == 0 ? random.Next(1, 10) : null),
        4 => Http("HTTP", new JsonObject { ["url"] = $"https://example.org/{Reference()}", ["method"] = "POST", ["body"] = Reference() }),
        5 => Http(
            "HTTP_JSON",
            new JsonObject { ["url"] = "https://example.org", ["method"] = "POST", ["body"] = new JsonObject { ["a"] = Reference() } }),
        6 => Call("child", $$"""{"a":"{{Reference()}}"}"""),
        16 or 17 => Activity("work", $$"""{"a":"{{Reference()}}"}"""),
        7 when random.Next(2) == 0 => Fail($"because of {Reference()}"),
        8 or 9 when loops > 0 && random.Next(2) == 0 || random.Next(8) == 0 => Break(BreakValue()),
        _ => Step($"SELECT {Reference()}"),
    };

    private string? BreakValue()
    {
        var value = random.Next(2) == 0 ? Reference() : null;
        return HasPlainBreaks && value is not null ? "7" : value;
    }

    private string Reference() => $"${Name()}" + random.Next(6) switch
    {
        0 => ".v?",
        1 => "",
        _ => "?",
    };

    private string Name() => random.Next(12) switch
    {
        0 => "error",
        1 => "item",
        var i => $"n{i % 4}",
    };
}
