using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>Random graphs of all node kinds. Steps bind names from a small set and refer to them, null-safe or not.</summary>
internal sealed class RandomGraph(Random random)
{
    private int _step;

    public string Tree(int size, bool inLoop = false)
    {
        if (size <= 1) return Leaf(inLoop);
        var (left, right) = (random.Next(1, size), random.Next(1, size));
        var node = random.Next(14) switch
        {
            0 or 1 or 2 => Then(Tree(left, inLoop), Tree(size - left, inLoop)),
            3 => If(Step(Query()), Tree(left, inLoop), Tree(right, inLoop)),
            4 => Join(Tree(left, inLoop), Tree(size - left, inLoop)),
            5 => Race(Tree(left, inLoop), Tree(size - left, inLoop), Leaf(inLoop)),
            6 => Loop(Tree(size - 1, true), Step(Query())),
            7 => Loop(Tree(size - 1, true), minIntervalMs: random.Next(3) * 500),
            8 => Retry(Tree(size - 1, inLoop), random.Next(1, 4), retryOn: ["22"]),
            9 => Timeout(Tree(size - 1, inLoop), random.Next(1, 20)),
            10 => Try(Tree(left, inLoop), Tree(size - left, inLoop), random.Next(2) == 0 ? Leaf(false) : null),
            11 => Undo(Tree(left, inLoop), Tree(size - left)),
            12 => ForEach(Name(), Tree(size - 1, inLoop), maxParallel: random.Next(1, 4)),
            _ => IfRows(Name(), Tree(left, inLoop), Tree(right, inLoop)),
        };
        return random.Next(4) == 0 ? node.As(Name()) : node;
    }

    private string Leaf(bool inLoop) => random.Next(inLoop ? 12 : 11) switch
    {
        0 => Sleep(random.Next(10)),
        1 => Signal(Name(), random.Next(2) == 0 ? 5 : null),
        2 => Call("child", """{"v":"$a?"}""").As(Name()),
        3 => Http("HTTP", new() { ["url"] = "http://h/$a.v?", ["method"] = "POST", ["body"] = null, ["headers"] = null, ["timeout_seconds"] = 30 }).As(Name()),
        4 => Fail("no"),
        11 => Break("$a.v?"),
        _ => random.Next(3) == 0 ? Step(Query()) : Step(Query()).As(Name()),
    };

    private string Query() => $"s{_step++} ${Name()}.v? " + (random.Next(8) == 0 ? $"${Name()}.v" : "");

    private string Name() => ((string[])["a", "b", "c"])[random.Next(3)];
}
