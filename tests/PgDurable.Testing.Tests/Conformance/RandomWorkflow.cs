using System.Text.Json.Nodes;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>
/// A random graph of the whole language except HTTP, with children that are random graphs too. Its outcome doesn't depend on which of two
/// parallel branches is faster: a race has a branch that waits for a long time, items that may fail run one after the other, and only nodes
/// outside of branches wait for signals.
/// </summary>
sealed class RandomWorkflow(int seed)
{
    static readonly string[] BoundNames = ["error", "item", "n0", "n1", "n2", "n3"];

    readonly Random _random = new(seed);
    readonly List<(string Name, DfNode Graph)> _children = [];
    int _places;
    int _calls;

    public HashSet<string> Kinds { get; } = [];

    public Scenario Make()
    {
        _children.Add(("waits", Df.WaitForSignal("never")));
        // A child calls only those that come before it. It gets no signals.
        for (var i = 0; i < 2; i++)
            _children.Add(($"seed_{seed}_{i}", Graph(Tree(_random.Next(3), new Place(InLoop: false, SideBySide: true)))));
        var graph = Graph(Tree(_random.Next(1, 5), new Place(false, false)));
        return new Scenario($"seed {seed}", graph.ToJson())
        {
            Input = Input($"r{seed}"),
            Signals = [("go", "1"), ("go", """{"v":2}"""), ("go", "null")],
            Children = _children,
        };
    }

    // References to names that aren't bound yet when they are read. If no node ever bound them, the graph couldn't be started.
    static DfNode Graph(DfNode tree) => Df.If(
        "SELECT true", tree, BoundNames.Select(name => Df.Sql("SELECT 1").As(name)).Aggregate((first, second) => first.Then(second)));

    string Input(string run) => $$"""{"run":"{{run}}","n":{{_random.Next(5)}},"text":"it's","none":null}""";

    DfNode Call() => Df.Call(_children[_random.Next(1, _children.Count)].Name, JsonNode.Parse(Input($"r{seed}_{_calls++}")));

    readonly record struct Place(bool InLoop, bool SideBySide);

    DfNode Tree(int depth, Place place)
    {
        var node = depth == 0 || _random.Next(7) == 0 ? Leaf(place) : Inner(depth - 1, place);
        return _random.Next(3) == 0 ? node.As(Name()) : node;
    }

    DfNode Inner(int depth, Place place)
    {
        DfNode Child() => Tree(depth, place);
        DfNode Branch() => Tree(depth, place with { SideBySide = true });
        switch (_random.Next(16))
        {
            case 0 or 1:
                return Seen("if", Df.If(Condition(), Child(), Child()));
            case 2:
                var name = Name();
                return Seen("if_rows", Df.Sql(Rows()).As(name).Then(Df.IfRows(name, Child(), Child())));
            case 3 or 4:
                return Seen("join", _random.Next(2) == 0 ? Df.Join(Branch(), Branch()) : Df.Join(Branch(), Branch(), Branch()));
            case 5:
                // The loser has done nothing when it loses.
                var winner = Leaf(place with { SideBySide = true });
                return Seen("race", _random.Next(4) switch
                {
                    0 => Df.Race(winner, Df.Sleep(3600)),
                    1 => Df.Race(winner, Df.Call("waits")),
                    2 => Df.Race(Df.WaitForSignal("never"), winner),
                    _ => Df.Race(Df.Activity("never"), winner),
                });
            case 6 or 7 when !place.SideBySide:
                var here = $"p{_places++}";
                var count = DfText($"INSERT INTO log VALUES ($input.run, '{here}', 1) RETURNING v");
                return Seen("loop", Df.Loop(
                    count.Then(Tree(depth, place with { InLoop = true })),
                        $"SELECT count(*) < {_random.Next(1, 14)} AS b FROM log WHERE run = $input.run AND place = '{here}'"));
            case 8:
                return Seen("retry", Df
                    .Retry(Child(), _random.Next(1, 4), 0, retryOn: _random.Next(2) == 0 ? ["22012", "P0001", "22004"] : null));
            case 9:
                return Seen("timeout", Df.Timeout(Child(), 3600));
            case 10 or 11:
                return Seen("try", _random.Next(2) == 0 ? Df.Try(Child(), Child()) : Df.Try(Child(), Child(), Child()));
            case 12:
                return Seen("undo", Df.WithUndo(Child(), Leaf(place with { InLoop = false })));
            case 13:
                var list = Name();
                return Seen("foreach", Df.Sql(Rows()).As(list)
                    .Then(Df.ForEach(list, Tree(depth, place with { SideBySide = true }), _random.Next(2) == 0 ? "item"
                        : Name(), maxParallel: 1)));
            default:
                return Seen("then", Child().Then(Child()));
        }
    }

    DfNode Leaf(Place place)
    {
        switch (_random.Next(24))
        {
            case 0:
                return Seen("sleep", Df.Sleep(0));
            case 1 when !place.SideBySide && !place.InLoop:
                return Seen("signal", Df.WaitForSignal("go", 2));
            case 2:
                return Seen("timed out", Df.Timeout(_random.Next(2) == 0 ? Df.Activity("never") : Df.WaitForSignal("never"), 0.1m));
            case 21 or 22 or 23 when _children.Count > 1:
                return Seen("call", Call());
            case 18 or 19:
                return Seen("activity", Df.Activity("echo", new JsonObject { ["v"] = Reference(), ["w"] = _random.Next(3) }));
            case 20:
                return Seen("activity that fails", Df.Activity("fail", new JsonObject
                {
                    ["message"] = $"because of {Reference()}",
                    ["sqlstate"] = _random.Next(2) == 0 ? "P0001" : "DF022",
                    ["retryable"] = _random.Next(2) == 0,
                }));
            case 3:
                return Seen("fail", Df.Fail($"because of {Reference()}", _random.Next(2) == 0 ? "AB123" : null));
            case 4 or 5 when place.InLoop || _random.Next(4) == 0:
                return Seen("break", Df.Break(_random.Next(2) == 0 ? Reference() : null));
            case 6:
                return Seen("error", "SELECT 1 / 0 AS v");
            case 7:
                return Seen("raise", "DO $x$ BEGIN RAISE EXCEPTION 'boom' USING DETAIL = 'd', HINT = 'h'; END $x$");
            case 8:
                return $"INSERT INTO log VALUES ($input.run, 'w', {_random.Next(9)}) RETURNING v";
            case 9:
                return Rows();
            case 10:
                return $"SELECT $input.n AS v, {Reference()} AS w";
            case 11:
                return $"SELECT '{Reference()}' AS v";
            default:
                return $"SELECT {_random.Next(3)} AS v, {Reference()} AS w";
        }
    }

    DfNode Condition() => _random.Next(4) switch
    {
        0 => Condition(Reference()),
        1 => "SELECT true AS b",
        2 => "SELECT $input.n > 2 AS b",
        _ => "SELECT 0 AS v",
    };

    static DfNode Condition(string reference) => $"SELECT {reference} AS v";

    static DfNode DfText(string sql) => Df.Sql(sql);

    DfNode Seen(string kind, DfNode node)
    {
        Kinds.Add(kind);
        return node;
    }

    string Rows() => $"SELECT v, v * 2 AS w FROM generate_series(1, {_random.Next(4)}) AS v";

    // Mostly a reference that allows a missing value.
    string Reference() => $"${Name()}" + _random.Next(8) switch
    {
        0 => ".v?",
        1 => "",
        2 => ".v",
        _ => "?",
    };

    string Name() => _random.Next(12) switch
    {
        0 => "error",
        1 => "item",
        var i => $"n{i % 4}",
    };
}
