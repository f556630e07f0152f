namespace PgDurable.Cli.Tests.App;

/// <summary>An activity that workflows of another assembly need.</summary>
[Activity("send-mail")]
public sealed partial class SendMail : IActivity<SendMail.Input>
{
    public sealed record Input(string Text);

    public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>The same for a workflow that is called.</summary>
[Activity("print-label")]
public sealed partial class PrintLabel : IActivity<PrintLabel.Input>
{
    public sealed record Input(long OrderId);

    public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
}
