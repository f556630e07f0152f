using System.CommandLine;
using System.Globalization;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable bulk</c></summary>
internal static class BulkCommand
{
    public static Command Create()
    {
        var action = new Argument<BulkAction>("action") { Description = "What to do with them." };
        var terms = new Argument<string[]>("terms")
        {
            Description = "What must match, as for search: workflow:order status:failed customer:42 since:1d -label:test. "
                + "\"\" means all your instances.",
            Arity = ArgumentArity.OneOrMore,
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask." };
        var reason = new Option<string?>("--reason") { Description = "The reason, which errors and df.audit will contain." };
        var signal = new Option<string?>("--signal") { Description = "For the action signal: its name." };
        var payload = new Option<string?>("--payload") { Description = "For the action signal: its payload as JSON." };
        var batch = new Option<int>("--batch-size")
        {
            Description = "How many instances each transaction takes: 1 to 10000.",
            DefaultValueFactory = _ => new BulkOptions().BatchSize,
        };
        var wait = new Option<bool>("--wait") { Description = "Show the progress until it is done. Returns 1 if something failed." };
        var command = new Command(
            "bulk", "Acts on all your instances that match a query. Shows how many there are and asks before it begins.")
        {
            action, terms, yes, reason, signal, payload, batch, wait,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var (what, query) = (parsed.GetRequiredValue(action), string.Join(' ', parsed.GetRequiredValue(terms)));
            var (client, output) = (session.Client, session.Output);
            var options = new BulkOptions
            {
                Reason = parsed.GetValue(reason),
                SignalName = parsed.GetValue(signal),
                SignalPayload = parsed.GetValue(payload),
                BatchSize = parsed.GetValue(batch),
            };
            var preview = await client.BulkPreviewAsync(what, query, ct);
            if (!parsed.GetValue(yes) && !await ConfirmAsync(output, what, preview, ct))
                return ExitCode.Findings;
            WorkflowHandle run;
            try
            {
                run = await client.BulkAsync(what, query, options, ct);
            }
            catch (System.Text.Json.JsonException)
            {
                throw new UsageException("The payload isn't valid JSON. Write a text with double quotes: '\"approved\"'.");
            }

            output.Write(
                new { run.InstanceId, Preview = preview },
                $"Started {run.InstanceId}. {Sentence(what, preview)} See it with: pgdurable watch {run.InstanceId}");
            return parsed.GetValue(wait) ? await FollowAsync(client, run, output, ct) : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<bool> ConfirmAsync(Output output, BulkAction action, BulkPreview preview, CancellationToken ct)
    {
        if (output.IsJson || Console.IsInputRedirected)
        {
            throw new UsageException(
                $"{Sentence(action, preview)} Nothing was started: the input isn't a terminal, so nobody can be asked. Add --yes.");
        }

        output.WriteLine(Sentence(action, preview));
        return await output.ConfirmAsync($"{action} {Count(preview.ActedOn, preview.IsCapped)}?", ct);
    }

    private static string Sentence(BulkAction action, BulkPreview preview) =>
        $"{Count(preview.Matches, preview.IsCapped)} match{(preview.Matches == 1 ? "es" : "")}, "
            + $"{action.ToString().ToLowerInvariant()} applies to {Number(preview.ActedOn, preview.IsCapped)}.";

    private static string Count(long number, bool isCapped) => (isCapped ? "at least " : "") + Lines.Count(number, "instance");

    private static string Number(long number, bool isCapped) =>
        (isCapped ? "at least " : "") + number.ToString(CultureInfo.InvariantCulture);

    private static async Task<int> FollowAsync(DurableClient client, WorkflowHandle run, Output output, CancellationToken ct)
    {
        BulkProgress? shown = null;
        while (true)
        {
            // Reads the status first, so that the last progress shown is the final one.
            var status = await run.StatusAsync(ct);
            var progress = await client.BulkProgressAsync(run.InstanceId, ct);
            if (progress is not null && progress != shown)
            {
                output.Write(progress, $"{progress.Done} of {Number(progress.Expected, progress.IsCapped)} done, {progress.Failed} failed"
                    + (progress.LastError is null ? "" : $": {progress.LastError}"));
            }

            shown = progress;
            if (status is not (WorkflowStatus.Pending or WorkflowStatus.Running))
            {
                if (status != WorkflowStatus.Completed)
                    output.Write(new { Status = InstanceState.Word(status) }, $"It is {InstanceState.Word(status)}.");
                return status == WorkflowStatus.Completed && progress is not { Failed: > 0 } ? ExitCode.Ok : ExitCode.Findings;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.5), ct);
        }
    }
}
