namespace PgDurable.Worker.Engine;

/// <summary>Results as SQL steps return them.</summary>
internal static class Results
{
    public static StepResult Row(int value) => Rows(value);

    /// <summary>Rows with one column, <c>v</c>.</summary>
    public static StepResult Rows(params int[] values) => new(
        $$"""{"rows":[{{string.Join(',', values.Select(value => $$"""{"v":{{value}}}"""))}}],"row_count":{{values.Length}}"""
            + ""","rows_affected":0}""",
        [new ResultColumn("v", "pg_catalog.int4")]);

    public static StepResult Bool(bool value) => new(
        $$"""{"rows":[{"b":{{(value ? "true" : "false")}}}],"row_count":1,"rows_affected":0}""",
        [new ResultColumn("b", "pg_catalog.bool")]);

    public static StepResult Json(string json) => new(json, null);
}
