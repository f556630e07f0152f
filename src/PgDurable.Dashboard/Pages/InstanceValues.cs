using PgDurable.Dashboard.Http;

namespace PgDurable.Dashboard.Pages;

/// <summary>Whole values of an instance, for those that a page cuts.</summary>
internal static class InstanceValues
{
    public static async Task<string> ReadAsync(Question question, CancellationToken ct)
    {
        var sql = question.Query("of") switch
        {
            "input" => "SELECT s.input::text FROM df.submissions s WHERE s.id = $1",
            "output" => "SELECT i.output FROM df.instance_info($1) i",
            "state" => "SELECT df.state($1)::text",
            _ => throw new RefusedException(404, "Not found", "There is no such value."),
        };
        return await question.Database.ValueAsync<string>(sql, ct, question.Route("id"))
            ?? throw new RefusedException(404, "Not found", "The instance doesn't have this value, or your role can't see it.");
    }
}
