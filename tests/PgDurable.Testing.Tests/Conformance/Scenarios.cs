using System.Text.Json.Nodes;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>What both stores and the dispatcher must do in the same way.</summary>
static class Scenarios
{
    static DfNode Row(int v, string? name = null) => name is null ? Df.Sql($"SELECT {v} AS v") : Df.Sql($"SELECT {v} AS v").As(name);

    static DfNode Fails(string state = "P0001") =>
        Df.Sql($"DO $x$ BEGIN RAISE EXCEPTION 'boom' USING ERRCODE = '{state}', HINT = 'look'; END $x$");

    static DfNode Failing(string state, bool isRetryable) => Df.Activity(
        "fail", new JsonObject { ["message"] = "declined, $input.n", ["sqlstate"] = state, ["retryable"] = isRetryable });

    static (string, DfNode) Sleeper => ("child_sleeper", Df.Sleep(0).Then("SELECT $input.n AS v"));

    static (string, DfNode) Divider => ("child_divider", Df.Sql("SELECT 1 / $input.n AS v"));

    static DfNode Handled(int n) => Df.Try(
        Df.Call("child_divider", JsonNode.Parse($$"""{"n":{{n}}}""")).Then($"INSERT INTO log VALUES ('h', 'then', {n})"),
        $"INSERT INTO log VALUES ('h', 'handler', {n})");

    public static DfNode Publishing => Df.Sql("SELECT df.publish($sys_instance_id, '1')").Then(
        "SELECT df.publish('$sys_instance_id', jsonb_build_object('at', $input.n, 'of', jsonb_build_array($input.text, $input.none?)))");

    public static TheoryData<Scenario> All =>
    [
        new("one step", Row(1)),
        new("chain of names", Row(1, "a").Then(Df.Sql("SELECT $a.v + $input.n AS v").As("b"))
            .Then("SELECT $a.v AS a, $b.v AS b, $input.text AS t, $input.none? AS x")),
        new("values of all kinds", Df.Sql(
            "SELECT 1::int2 AS a, 2.50 AS b, 'x'::text AS c, true AS d, NULL::int AS e, '2026-01-31'::date AS f, "
            + "'2026-01-31 10:00+00'::timestamptz AS g, ARRAY[1,2] AS h, '{\"k\":[1]}'::jsonb AS i, "
            + "'\\x01'::bytea AS j, '1 day'::interval AS k, 1.5::float8 AS l").As("r").Then("SELECT r.* FROM $r.*")),
        new("rows and row sets", Df.Sql("SELECT v, v * v AS q FROM generate_series(1, 3) v").As("r")
            .Then("SELECT sum(q) AS s, count(*) AS n FROM $r.*")),
        new("writes", Df.Sql("INSERT INTO log VALUES ('w', 'p', 1), ('w', 'p', 2)").As("a")
            .Then("UPDATE log SET v = v + 1 WHERE run = 'w' RETURNING v").Then("DELETE FROM log WHERE run = 'w'")),
        new("no rows, and their use", Df.Sql("SELECT 1 AS v WHERE false").As("a").Then("SELECT $a.v AS x")),
        new("unknown column", Row(1, "a").Then("SELECT $a.w AS x")),
        new("an error of PostgreSQL's", Row(1).Then("SELECT * FROM no_such_table")),
        new("an error of the step's own", Fails("AB123")),
        new("division by zero in a join", Df.Join(Row(1, "a"), "SELECT 1 / 0 AS v", Row(3, "c"))),
        new("if, both ways", Df.If("SELECT $input.n > 2 AS b", Row(1), Row(2)).Then(Df.If("SELECT $input.n > 5 AS b", Row(3), Row(4)))),
        new("if rows", Df.Sql("SELECT 1 AS v WHERE false").As("a").Then(Df.IfRows("a", Row(1), Row(2)))),
        new("join merges names", Df.Join(Row(1, "a"), Row(2, "b"), Row(3, "a")).Then("SELECT $a.v AS a, $b.v AS b")),
        new("race against a long sleep", Df.Race(Row(1, "a").Then(Row(2)), Df.Sleep(3600)).As("r").Then("SELECT $r.v AS v")),
        new("loop with a condition", Df
            .Loop(Df.Sql("INSERT INTO log VALUES ('l', 'loop', 1) RETURNING v")
                .As("i"), "SELECT count(*) < 13 AS b FROM log WHERE run = 'l'").Then("SELECT count(*) AS n FROM log WHERE run = 'l'")),
        new("loop with a break", Df.Loop(Row(7, "x").Then(Df.Break("$x.v")), minIntervalMs: 0)),
        new("loop that continues on failure", Df.Loop(
            Df.WithUndo("INSERT INTO log VALUES ('c', 'loop', 1)", "INSERT INTO log VALUES ('c', 'undo', 1)")
                .Then("SELECT 1 / (count(*) - 1) AS v FROM log WHERE run = 'c'"),
            "SELECT false AS b", minIntervalMs: 0, continueOnFailure: true)),
        new("loop that continues on failure, but not on a fatal one", Df.Loop(
            Df.Sql("SELECT NULL::int AS v").As("a").Then(Df.Join(Fails(), "SELECT $a.v AS x")), continueOnFailure: true)),
        new("break outside of a loop", Row(1).Then(Df.Break())),
        new("sleep", Df.Sleep(0).As("s").Then(Row(1))),
        new("signal that is there", Df.WaitForSignal("go").As("a").Then(Df.WaitForSignal("go", 60).As("b"))
            .Then("SELECT $a.data AS a, $b.timed_out AS b"))
            { Signals = [("go", """{"x":1}"""), ("go", "2")] },
        new("signal that does not come", Df.WaitForSignal("go", 1).As("a").Then("SELECT $a.timed_out AS a, $a.data? AS d")),
        new("try, handled", Df
            .Try(Row(1).Then(Fails()), "SELECT $error.message AS m, $error.sqlstate AS s, $error.hint AS h, $error.attempts AS n",
                "SELECT 'last' AS l")),
        new("try, handler fails", Df.Try(Fails("AB001"), Fails("AB002"))),
        new("retry that helps", Df.Retry(Df.Sql("SELECT 1 / (count(*) - 1 + $input.n - 3 + 2) AS v FROM log WHERE run = 'none'"), 3, 0)),
        new("retry in vain", Df.Retry(Fails("55P03"), 3, 0)),
        new("retry of other states only", Df.Retry(Fails("23505"), 3, 0)),
        new("time-out", Df.Try(Df.Timeout(Df.WaitForSignal("never"), 0.2m), "SELECT $error.sqlstate AS s, $error.message AS m")),
        new("fail", Df.Fail("no more than $input.n, {label}", "AB999")),
        new("undo after a failure", Df.WithUndo("INSERT INTO log VALUES ('u', 'a', 1)", Row(11))
            .Then(Df.WithUndo(Row(2, "b"), "SELECT $b.v + 10 AS v")).Then(Fails())),
        new("undo of a try's body only", Df.WithUndo(Row(1), Row(11)).Then(Df.Try(Df.WithUndo(Row(2), Row(12)).Then(Fails()), Row(5)))),
        new("for each", Df.Sql("SELECT v FROM generate_series(1, 4) v").As("r")
            .Then(Df.ForEach("r", Df.Sql("SELECT $item.v * 10 AS v"), maxParallel: 2)).Then(Row(1))),
        new("for each over JSON", Df.Sql("SELECT 1 AS v").As("x").Then(Df.ForEach("input", Row(1)))) { Input = "[1,2]" },
        new("for each that fails", Df.Sql("SELECT v FROM generate_series(1, 4) v").As("r")
            .Then(Df.ForEach("r", "SELECT 1 / (2 - $item.v) AS v", maxParallel: 1))),
        new("for each over no rows", Df.Sql("SELECT 1 AS v WHERE false").As("r").Then(Df.ForEach("r", Row(1)))),
        new("call", Df.Call("child_ok", JsonNode.Parse("""{"n":"$input.n"}"""))
            .As("c").Then("SELECT $c.v AS v")) { Children = [("child_ok", Df.Sql("SELECT $input.n + 1 AS v"))] },
        new("calls one after the other", Df.Call("child_sleeper", JsonNode.Parse("""{"n":1}""")).As("a")
            .Then(Df.Call("child_sleeper", JsonNode.Parse("""{"n":2}""")).As("b")).Then("SELECT $a.v AS a, $b.v AS b"))
            { Children = [Sleeper] },
        new("calls in a loop", Df.Loop(
            Df.Sql("INSERT INTO log VALUES ('cl', 'loop', 1) RETURNING v").As("i")
                .Then(Df.Call("child_sleeper", JsonNode.Parse("""{"n":"$i.v"}""")).As("c")),
            "SELECT count(*) < 4 AS b FROM log WHERE run = 'cl'", minIntervalMs: 0)) { Children = [Sleeper] },
        new("calls in a join, and one fails", Df.Join(Handled(0), Handled(1)).Then(Row(1))) { Children = [Divider] },
        new("calls in a join, and the other fails", Df.Join(Handled(1), Handled(0)).Then(Row(1))) { Children = [Divider] },
        new("calls in a join, and both fail", Df.Join(Handled(0), Handled(0)).Then(Row(1))) { Children = [Divider] },
        new("calls in a join, with and without a sleep", Df.Join(
            Df.Call("child_sleeper", JsonNode.Parse("""{"n":1}""")).As("a"), Handled(0), Df.Sleep(0).Then(Handled(1)))
            .Then("SELECT $a.v AS a")) { Children = [Divider, Sleeper] },
        new("calls for each row", Df.Sql("SELECT v FROM generate_series(0, 3) v").As("r")
            .Then(Df.ForEach("r", Df.Try(Df.Call("child_divider", JsonNode.Parse("""{"n":"$item.v"}""")), Row(9)), maxParallel: 2)))
            { Children = [Divider] },
        new("call that is tried again", Df.Retry(Df.Call("child_divider", JsonNode.Parse("""{"n":0}""")), 3, 0)) { Children = [Divider] },
        new("call that loses a race", Df.Race(Df.Call("child_waits").Then(Row(1)), Row(2, "a")).Then(Df.Call("child_sleeper",
            JsonNode.Parse("""{"n":3}""")))) { Children = [("child_waits", Df.WaitForSignal("never")), Sleeper] },
        new("call that calls", Df.Call("child_parent").As("a").Then(Df.Call("child_parent").As("b")).Then("SELECT $a.v + $b.v AS v"))
            { Children = [("child_parent", Df.Call("child_sleeper", JsonNode.Parse("""{"n":5}"""))), Sleeper] },
        new("call that fails", Df.Try(Df.Call("child_bad"), "SELECT $error.sqlstate AS s")) { Children = [("child_bad", Fails("AB777"))] },
        new("activity", Row(5, "a").Then(Df.Activity("echo", JsonNode.Parse("""{"n":"$a.v","t":"no. $input.n","l":[1,"$a.v"]}""")).As("b"))
            .Then("SELECT $b.n AS n, $b.t AS t, $b AS b")),
        new("activity without input", Df.Activity("echo").As("a").Then("SELECT $a? AS a")),
        new("activity with a list, and activities of its items", Df.Activity("echo", JsonNode.Parse("[1,2]")).As("r")
            .Then(Df.ForEach("r", Df.Activity("echo", JsonNode.Parse("""{"i":"$item"}"""))))),
        new("activity whose input has no value", Row(1).Then(Df.Activity("echo", "$nothing.v")).Then(Row(1, "nothing"))),
        new("activity that fails", Df.Try(Failing("CARD1", true), "SELECT $error.sqlstate AS s, $error.message AS m")),
        new("activity that fails, unhandled", Row(1).Then(Failing("DF022", false).As("x"))),
        new("activity, tried again", Df.Retry(Failing("CARD1", true), 3, 0)),
        new("activity, not tried again", Df.Retry(Failing("40001", false), 3, 0)),
        new("activity, tried again because of a list", Df.Retry(Failing("CARD1", true), 2, 0, retryOn: ["CARD1"])),
        new("activity, not tried again because of a list", Df.Retry(Failing("CARD2", true), 2, 0, retryOn: ["CARD1"])),
        new("activity that completes in its third attempt", Df.Retry(Df.Activity("third", 7).As("t"), 5, 0).Then("SELECT $t + 1 AS v")),
        new("activity that nobody claims in time", Df.Try(
            Df.Retry(Df.Timeout(Df.Activity("never"), 0.2m), 2, 0), "SELECT $error.sqlstate AS s, $error.attempts AS n")),
        new("activity in time", Df.Timeout(Df.Activity("echo", 1), 3600)),
        new("activity that loses a race", Df.Race(Df.Activity("never"), Row(1, "a")).Then(Row(2))),
        new("activity that wins a race", Df.Race(Df.Activity("echo", 1), Df.Sleep(3600)).Then(Row(2))),
        new("activities in a join", Df.Join(Df.Activity("echo", 1), Row(2), Df.Activity("echo", 3))),
        new("activity as a condition", Df.If(Df.Activity("echo", JsonNode.Parse("false")), Row(1), Row(2))),
        new("activity in a child", Df.Call("child_activity").As("c").Then("SELECT $c AS v"))
            { Children = [("child_activity", Df.Activity("echo", 4))] },
        new("publishes", Publishing),
        new("deadlock, tried again by the worker", Df.Sql("SELECT 1 AS v").As("a").Then(Fails("22012"))),
        new("two statements in one step", "{\"node_type\":\"SQL\",\"query\":\"SELECT 1; SELECT 2\"}"),
        new("nothing in a step", Df.Sql("-- nothing").Then(Row(1))),
    ];
}
