namespace PgDurable.Worker.Tests.Chaos;

/// <summary>A graph with a known end. Its steps make marks, of which exactly these must be there in the end, each once.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Graph">A SQL expression; <c>MARK(x)</c> stands for a statement that makes the mark x, <c>URL</c> for a web server.</param>
/// <param name="Status">How the instance ends.</param>
/// <param name="Marks">In alphabetical order.</param>
internal sealed record Scenario(string Name, string Graph, string Status, string Marks)
{
    public static readonly Scenario[] All =
    [
        new("sequence", "MARK(a) ~> MARK(b) ~> MARK(c) ~> MARK(d)", "completed", "a b c d"),
        new("join", "df.join(MARK(a) ~> MARK(b), MARK(c), df.sleep(1) ~> MARK(d)) ~> MARK(e)", "completed", "a b c d e"),
        new("race", "df.race(df.sleep(3600) ~> MARK(never), 'SELECT pg_sleep(3600)', MARK(a)) ~> MARK(b)", "completed", "a b"),
        new("if", "df.if('SELECT $input.n >= 0', MARK(a), MARK(b))", "completed", "a"),
        new("loop", "('SELECT 0 AS i' |=> 'c') ~> df.loop('MARKS(i, $c.i)' ~> ('SELECT $c.i + 1 AS i' |=> 'c'), 'SELECT $c.i < 5')",
            "completed", "i0 i1 i2 i3 i4"),
        new("break", "df.loop(MARK(a) ~> df.break('v')) ~> MARK(b)", "completed", "a b"),
        new("sleep", "MARK(a) ~> df.sleep(2) ~> MARK(b)", "completed", "a b"),
        new("try", "df.try(MARK(a) ~> 'SELECT 1/0', MARK(b), MARK(c)) ~> MARK(d)", "completed", "a b c d"),
        new("fail", "MARK(a) ~> df.fail('no') ~> MARK(never)", "failed", "a"),
        new("undo", "(MARK(a) <-> MARK(undo_a)) ~> (MARK(b) <-> MARK(undo_b)) ~> df.fail('no')", "failed", "a b undo_a undo_b"),
        new("foreach",
            "('SELECT generate_series(1, 6) AS i' |=> 'r') ~> df.foreach('r', 'MARKS(i, $item.i)', max_parallel => 2) ~> MARK(z)",
            "completed", "i1 i2 i3 i4 i5 i6 z"),
        new("retry", "df.retry('MARK2(a, nextval(''public.flaky''))', 30, 0.05, 1, retry_on => ARRAY['22012'])", "completed", "a"),
        new("cancel", "df.timeout(MARK(a) ~> df.sleep(3600) ~> MARK(never), 3000) <-> MARK(never)", "cancelled", "a"),
        new("timeout", "df.try(df.timeout('SELECT pg_sleep(3600)' ~> MARK(never), 0.5), MARK(a)) ~> MARK(b)", "completed", "a b"),
        new("signal", "(df.wait_for_signal('go') |=> 's') ~> MARK(a)", "completed", "a"),
        new("call", "df.call('leaf', '{\"n\":\"$input.n\"}') ~> MARK(b) ~> df.call('leaf2', '{\"n\":\"$input.n\"}')", "completed", "a b c"),
        new("http", "df.http('URL/$input.n', 'POST', 'x') ~> MARK(a)", "completed", "a"),
    ];

    public bool IsCancelled => Status == "cancelled";
}
