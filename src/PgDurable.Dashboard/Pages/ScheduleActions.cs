using PgDurable.Dashboard.Http;

namespace PgDurable.Dashboard.Pages;

/// <summary>Actions on schedules.</summary>
internal static class ScheduleActions
{
    public static async Task<string> PauseAsync(Question question, CancellationToken ct)
    {
        await question.Database.ValueAsync<object>("SELECT df.pause_schedule($1)", ct, question.RequiredField("name"));
        return "/schedules";
    }

    public static async Task<string> ResumeAsync(Question question, CancellationToken ct)
    {
        await question.Database.ValueAsync<object>("SELECT df.resume_schedule($1)", ct, question.RequiredField("name"));
        return "/schedules";
    }

    /// <summary>Starts what the schedule would start, beside its ticks.</summary>
    public static async Task<string> RunAsync(Question question, CancellationToken ct)
    {
        var name = question.RequiredField("name");
        var id = await question.Database.ValueAsync<string>(
            """
            SELECT df.start_workflow(s.workflow, s.input, version => s.version, label => 'schedule ' || s.name || ', run now')
              FROM df.schedules s WHERE s.name = $1 AND s.owner = quote_ident(current_user)::regrole
            """,
            ct, name) ?? throw new RefusedException(404, "Not found", $"Your role has no schedule \"{name}\".");
        return $"/instances/{id}";
    }
}
