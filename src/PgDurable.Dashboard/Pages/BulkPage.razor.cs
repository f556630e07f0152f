using PgDurable.Dashboard.Http;

namespace PgDurable.Dashboard.Pages;

/// <summary>What an action on everything that a query finds would do, before it is done.</summary>
partial class BulkPage
{
    internal sealed record Model(BulkAction Action, string Query, BulkPreview Preview);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var (action, query) = (ActionOf(question.Query("action")), question.Query("q") ?? "");
        var model = new Model(action, query, await question.Client.BulkPreviewAsync(action, query, ct));
        return new($"{action} all that match", "Instances", context => Draw(context, model));
    }

    internal static async Task<string> StartAsync(Question question, CancellationToken ct)
    {
        var action = ActionOf(question.Field("action"));
        var run = await question.Client.BulkAsync(
            action, question.Field("q") ?? "",
            new()
            {
                Reason = question.Field("reason"),
                SignalName = action == BulkAction.Signal ? question.RequiredField("signal") : null,
                SignalPayload = action == BulkAction.Signal ? question.Field("json") : null,
            },
            ct);
        return $"/instances/{run.InstanceId}";
    }

    private static BulkAction ActionOf(string? word) => Enum.TryParse<BulkAction>(word, out var action) && Enum.IsDefined(action)
        ? action
        : throw new RefusedException(400, "Unknown action", "Choose one of the actions that the list of instances offers.");
}
