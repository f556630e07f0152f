using PgDurable;

namespace Patterns;

/// <summary>Starts a job of another system, and asks until the job has ended. The other system says how long to wait.</summary>
[Workflow("export-data")]
public sealed partial class ExportData : IWorkflow<ExportData.Input, ExportData.Export>
{
    public sealed record Input(string Api, string Customer);
    public sealed record Job(string Id);
    public sealed record Progress(string State, double WaitSeconds, string? File);
    public sealed record Export(long Id, string File);

    public static Flow<Export> Define(Flow flow, Input input) => flow
        .HttpPost<Job>($"{input.Api}/exports", json: new { customer = input.Customer }, out var started)
        .If(!started.Ok, then: f => f.Fail($"the export of {input.Customer} was refused with status {started.Status}"))
        .Forever<string>(round => round
            .HttpGet<Progress>($"{input.Api}/exports/{started.Json.Id}", out var reply, retry: new Retry(5))
            .If(reply.Json.State == "failed", then: f => f.Fail($"the export of {input.Customer} has failed"))
            .If(reply.Json.State == "done", then: f => f.Break(reply.Json.File!))
            .Sleep(TimeSpan.FromSeconds(reply.Json.WaitSeconds)), out var file)
        .QuerySingle<Export>($"""
            INSERT INTO patterns.exports (customer, file) VALUES ({input.Customer}, {file}) RETURNING id, file
            """);
}
