namespace PgDurable.Sdk.Tests;

/// <summary>An activity whose input and result have every type.</summary>
[Activity("echo")]
public sealed partial class Echo : IActivity<Everything.Values, Everything.Values>
{
    public Task<Everything.Values> RunAsync(Everything.Values input, ActivityContext context, CancellationToken ct) =>
        Task.FromResult(input);
}

/// <summary>An activity that takes and returns what isn't an object.</summary>
[Activity("split")]
public sealed partial class Split : IActivity<string?, IReadOnlyList<int>>
{
    public Task<IReadOnlyList<int>> RunAsync(string? input, ActivityContext context, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<int>>([.. (input ?? "").Select(c => c - '0')]);
}

/// <summary>A workflow whose result is that of an activity.</summary>
[Workflow("echo-all")]
public sealed partial class EchoAll : IWorkflow<Everything.Values, Everything.Values>
{
    public static Flow<Everything.Values> Define(Flow flow, Everything.Values input) => flow.Run(Echo.Definition, input);
}

/// <summary>A workflow whose result is an activity's list.</summary>
[Workflow("split-text")]
public sealed partial class SplitText : IWorkflow<SplitText.Input, IReadOnlyList<int>>
{
    public sealed record Input(string? Text);

    public static Flow<IReadOnlyList<int>> Define(Flow flow, Input input) => flow.Run(Split.Definition, input.Text);
}
