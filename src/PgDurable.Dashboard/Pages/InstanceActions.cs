using System.Globalization;
using PgDurable.Dashboard.Data;
using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using PgDurable.Graph;

namespace PgDurable.Dashboard.Pages;

/// <summary>Actions on an instance.</summary>
internal static class InstanceActions
{
    public static async Task<string> CancelAsync(Question question, CancellationToken ct)
    {
        await question.Client.CancelAsync(Id(question), question.Field("reason"), ct);
        return Path(question);
    }

    public static async Task<string> TerminateAsync(Question question, CancellationToken ct)
    {
        await question.Client.TerminateAsync(Id(question), question.Field("reason"), ct);
        return Path(question);
    }

    public static async Task<string> PauseAsync(Question question, CancellationToken ct)
    {
        await question.Client.PauseAsync(Id(question), ct);
        return Path(question);
    }

    public static async Task<string> ResumeAsync(Question question, CancellationToken ct)
    {
        await question.Client.ResumeAsync(Id(question), ct);
        return Path(question);
    }

    public static async Task<string> RetryAsync(Question question, CancellationToken ct)
    {
        await question.Client.RetryAsync(Id(question), ct);
        return Path(question);
    }

    public static async Task<string> SignalAsync(Question question, CancellationToken ct)
    {
        var name = question.RequiredField("signal");
        var facts = await InstanceQueries.FactsAsync(question.Database, Id(question), payload: false, ct);
        var fields = facts is null ? null : FormFields.OfSignalsOf(WorkflowGraph.Parse(facts.Graph)).GetValueOrDefault(name);
        await question.Client.SignalAsync(Id(question), name, FormFields.Json(question, fields ?? []), ct);
        return Path(question);
    }

    public static async Task<string> TagAsync(Question question, CancellationToken ct)
    {
        await question.Database.ValueAsync<string>(
            "SELECT df.tag($1, $2, $3)", ct, Id(question), question.RequiredField("key"), question.Field("value"));
        return Path(question);
    }

    public static async Task<string> ForkAsync(Question question, CancellationToken ct)
    {
        var version = question.Field("version") is { } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new RefusedException(400, "That can't be read", "The version must be a number.")
            : (int?)null;
        var id = await question.Database.ValueAsync<string>(
            "SELECT df.fork($1, $2, $3::integer)", ct, Id(question), question.RequiredField("step"), version);
        return $"/instances/{id}";
    }

    private static string Id(Question question) => question.Route("id");

    private static string Path(Question question) => $"/instances/{Uri.EscapeDataString(Id(question))}";
}
