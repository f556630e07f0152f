using System.Globalization;
using System.Text.Json.Nodes;

namespace PgDurable.Extension.Tests.Algebra;

/// <summary>Random compositions of all composers and operators. Some of them contain a mistake.</summary>
internal sealed partial class RandomComposition
{
    private readonly Random _random;
    private readonly RandomTexts _texts;
    private bool _mayErr;

    public RandomComposition(int seed)
    {
        _random = new Random(seed);
        _texts = new RandomTexts(_random);
    }

    public Composed Next()
    {
        _mayErr = OneIn(4);
        var size = _random.Next(1, 14);
        // The text of a single step isn't a composition.
        return size == 1 ? Named(Leaf()) : Inner(size);
    }

    private Composed Tree(int size)
    {
        if (size <= 1)
            return OneIn(4) ? Named(Leaf()) : Leaf();
        var node = Inner(size);
        return OneIn(6) ? Named(node) : OneIn(15) ? Received(node) : node;
    }

    private Composed Inner(int size)
    {
        var (left, right) = (Tree(_random.Next(1, size)), Tree(_random.Next(1, size)));
        var (a, b) = (left.Sql, right.Sql);
        return _random.Next(15) switch
        {
            0 or 1 => new(
                OneIn(2) ? $"df.seq({a}, {b})" : $"(({a}) ~> ({b}))",
                OneIn(2) ? () => left.Build().Then(right.Build()) : () => Df.Seq(left.Build(), right.Build())),
            2 => Branches("join", left, right),
            3 => Branches("race", left, right),
            4 => new($"(({a}) & ({b}))", () => left.Build() & right.Build()),
            5 => new($"(({a}) | ({b}))", () => left.Build() | right.Build()),
            6 => If(left, right),
            7 => IfRows(left, right),
            8 => OneIn(2) ? new($"(@> ({a}))", () => Df.Loop(left.Build())) : Loop(left, OneIn(2) ? right : null),
            9 => new(OneIn(2) ? $"df.with_undo({a}, {b})" : $"(({a}) <-> ({b}))", () => Df.WithUndo(left.Build(), right.Build())),
            10 => Try(left, right),
            11 => Retry(left),
            12 => Timeout(left),
            13 => ForEach(left),
            _ => AfterAnEnvelope(right),
        };
    }

    private Composed Try(Composed body, Composed handler)
    {
        if (OneIn(2))
            return new($"df.try({body.Sql}, {handler.Sql})", () => Df.Try(body.Build(), handler.Build()));
        var last = Leaf();
        return new($"df.try({body.Sql}, {handler.Sql}, {last.Sql})", () => Df.Try(body.Build(), handler.Build(), last.Build()));
    }

    private Composed AfterAnEnvelope(Composed node)
    {
        var envelope = Envelopes.Random(_texts);
        return new($"df.seq({Quote(envelope)}, {node.Sql})", () => Df.Seq(envelope, node.Build()));
    }

    private Composed Named(Composed node)
    {
        var name = Erring(_texts.Name, "", "1x", "a b", "input", "ünï", "a\n", "a'b");
        return OneIn(2)
            ? new($"df.as({node.Sql}, {Quote(name)})", () => Df.As(node.Build(), name))
            : new($"(({node.Sql}) |=> {Quote(name)})", () => node.Build().As(name));
    }

    /// <summary>
    /// A composition given as the text of its envelope: unchanged, with blanks around it, or formatted by something else.
    /// </summary>
    private Composed Received(Composed node)
    {
        string json;
        try
        {
            json = node.Build().ToJson();
        }
        catch (ArgumentException)
        {
            return node;
        }
        json = _random.Next(4) switch
        {
            0 => json,
            1 => " \n" + json,
            2 => json + " \n",
            _ => JsonNode.Parse(json, documentOptions: new() { MaxDepth = 1000 })!.ToJsonString(
                new() { WriteIndented = true, MaxDepth = 1000 }),
        };
        return new(Quote(json), () => json);
    }

    private Composed Branches(string name, Composed left, Composed right)
    {
        List<Composed> branches = [left, right];
        while (branches.Count < 6 && OneIn(2))
            branches.Add(Leaf());
        if (Errs())
            branches = [left];
        DfNode Build()
        {
            var nodes = branches.ConvertAll(branch => branch.Build());
            return name == "join" ? Df.Join([.. nodes]) : Df.Race([.. nodes]);
        }
        var list = string.Join(", ", branches.Select(branch => branch.Sql));
        if (branches.Count == 1 || OneIn(4))
            return new($"df.{name}(VARIADIC ARRAY[{list}]::text[])", Build);
        return new(name == "join" && branches.Count == 3 && OneIn(2) ? $"df.join3({list})" : $"df.{name}({list})", Build);
    }

    private Composed If(Composed then, Composed otherwise)
    {
        var condition = Leaf();
        return OneIn(2)
            ? new($"df.if({condition.Sql}, {then.Sql}, {otherwise.Sql})", () => Df.If(condition.Build(), then.Build(), otherwise.Build()))
            : new($"((({condition.Sql}) ?> ({then.Sql})) !> ({otherwise.Sql}))", () =>
                Df.If(condition.Build(), then.Build(), otherwise.Build()));
    }

    private Composed IfRows(Composed then, Composed otherwise)
    {
        var name = OneIn(2) ? _texts.Name() : OneIn(2) ? "input" : _texts.Text();
        return new($"df.if_rows({Quote(name)}, {then.Sql}, {otherwise.Sql})", () => Df.IfRows(name, then.Build(), otherwise.Build()));
    }

    private Composed Loop(Composed body, Composed? condition)
    {
        int? pace = OneIn(2) ? null : Erring(() => _random.Next(86_400_001), -1, 86_400_001);
        var goesOn = OneIn(3);
        var arguments = body.Sql + (condition is null ? "" : ", " + condition.Sql) + (goesOn ? ", continue_on_failure => true" : "");
        var sql = pace is null ? $"df.loop({arguments})" : $"df.pace(df.loop({arguments}), {Text(pace)})";
        return new(sql, () => Df.Loop(body.Build(), condition?.Build(), pace, goesOn));
    }

    private Composed Retry(Composed node)
    {
        var attempts = Erring(() => _random.Next(1, 1001), 0, 1001);
        var (delay, backoff) =
            (Erring(() => _texts.Number(31_536_000), -1m, 31_536_000.5m), Erring(() => 1 + _texts.Number(99), 0.5m, 101m));
        var most = Erring(() => _texts.Number(31_536_000), -0.001m);
        string[]? states = OneIn(2) ? null : Erring<string[]>(
            () => [_texts.Pick("40", "57P01"), _texts.Pick("22", "AB001")], [], ["4"], ["40001\n"], ["ab"], ["40", "x'"]);
        if (OneIn(5))
            return new($"df.retry({node.Sql})", () => Df.Retry(node.Build()));
        var list = states is null ? "NULL" : $"ARRAY[{string.Join(", ", states.Select(Quote))}]::text[]";
        return new(
            $"df.retry({node.Sql}, {Text(attempts)}, {Text(delay)}, {Text(backoff)}, max_delay_seconds => {Text(most)}, "
                + $"retry_on => {list})",
            () => Df.Retry(node.Build(), attempts, delay, backoff, most, states));
    }

    private Composed Timeout(Composed node)
    {
        var seconds = Erring(() => _texts.Number(31_535_999) + 0.25m, 0m, 0.00m, -1m, 31_536_001m);
        return new($"df.timeout({node.Sql}, {Text(seconds)})", () => Df.Timeout(node.Build(), seconds));
    }

    private Composed ForEach(Composed body)
    {
        var rows = Erring(() => OneIn(2) ? "input" : _texts.Name(), "", "a b", "a\n", "ü'");
        var item = Erring(_texts.Name, "", "input", "1", "i\n");
        int? most = OneIn(2) ? null : Erring(() => _random.Next(1, 1001), 0, 1001);
        if (OneIn(4))
            return new($"df.foreach({Quote(rows)}, {body.Sql})", () => Df.ForEach(rows, body.Build()));
        return new(
            $"df.foreach({Quote(rows)}, {body.Sql}, {Quote(item)}{(most is null ? "" : ", " + Text(most))})",
            () => Df.ForEach(rows, body.Build(), item, most));
    }

    private bool OneIn(int n) => _texts.OneIn(n);

    private string Quote(string text) => _texts.Quote(text);

    /// <summary>
    /// Whether to make the mistake. At most one per composition, because C# and PostgreSQL may find two in a different order.
    /// </summary>
    private bool Errs()
    {
        if (!_mayErr || !OneIn(4))
            return false;
        _mayErr = false;
        return true;
    }

    private T Erring<T>(Func<T> good, params ReadOnlySpan<T> bad) => Errs() ? _texts.Pick(bad) : good();

    private static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "NULL";
}
