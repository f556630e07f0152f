using PgDurable.Graph;
using PgDurable.Names;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Answers;

/// <summary>Suggests what to write for a step that has no answer.</summary>
internal static class Suggestion
{
    public static UnansweredStepException Unanswered(TestStep step)
    {
        var name = step.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        string line, otherwise;
        if (step.Kind is NodeKind.Http or NodeKind.HttpMultipart or NodeKind.HttpJson)
        {
            (line, otherwise) = ($".Http(\"{name}\", request => HttpReply.Json(new {{ … }}))", ".Http(request => …) answers all requests");
        }
        else if (SqlShape.Of(step.Sql) is { ReturnsRows: false } shape)
        {
            line = $".Rows(\"{name}\", new RowsAffected(1))";
            otherwise = shape.IsWrite || shape.IsCommand ? ".AnswerWrites() answers all statements that return no rows"
                : ".Sql(step => …) answers with a function";
        }
        else
        {
            var columns = SqlShape.Of(step.Sql).Columns is { Count: > 0 } known
                ? string.Join(", ", known.Select(column => $"{column} = …")) : "…";
            line = columns.Contains('?', StringComparison.Ordinal) ? $".Rows(\"{name}\", …)" : $".Rows(\"{name}\", new {{ {columns} }})";
            otherwise = ".Sql(step => …) answers with a function, .UsePostgres(…) with a real database";
        }
        return Unanswered(step, line, otherwise, step.Sql);
    }

    public static UnansweredStepException Unanswered(TestStep step, Command.StartChild child) => Unanswered(
        step, $".Child(\"{child.Workflow}\", …)", ".Child(definition) runs the workflow",
            $"call of workflow '{child.Workflow}' with input {child.InputJson ?? "null"}");

    public static UnansweredStepException UnansweredActivity(TestStep step)
    {
        var name = step.ActivityContext!.Activity;
        // A graph that was composed at run time may not have the activity's class at hand.
        var definition = PascalCase.From(name) + ".Definition";
        var (line, otherwise) = step.Workflow.Length == 0
            ? ($".Answer(\"{name}\", input => new {{ … }})", $".Answer({definition}, input => …) has types")
            : ($".Answer({definition}, input => …)", $".Use({definition}, …) runs the activity's class");
        return Unanswered(step, line, otherwise, $"activity '{name}' with input {step.InputJson}");
    }

    private static UnansweredStepException Unanswered(TestStep step, string line, string otherwise, string what) => new(step, line, $"""
        Step '{step.Name}'{(step.Workflow.Length == 0 ? "" : $" of workflow '{step.Workflow}'")} has no answer. Add to the test:

            {line}

        ({otherwise}.) The step is:

            {what.ReplaceLineEndings("\n            ")}

        """);
}
