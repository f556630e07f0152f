using PgDurable;

namespace Ingest;

/// <summary>Moves a file out of the inbox. If a process died after it had, there is nothing left to do.</summary>
[Activity("put-away")]
public sealed partial class PutAway(Folders folders) : IActivity<PutAway.Input>
{
    public sealed record Input(string Name, string Folder);

    public Task RunAsync(Input input, ActivityContext context, CancellationToken ct)
    {
        var (source, target) = (folders.File("inbox", input.Name), folders.File(input.Folder, input.Name));
        if (File.Exists(source))
            File.Move(source, target, overwrite: true);
        else if (!File.Exists(target))
            throw new ActivityException($"{input.Name} is neither in inbox nor in {input.Folder}", "ING04", isRetryable: false);
        return Task.CompletedTask;
    }
}
