namespace PgDurable.Worker.Tests.Typed;

/// <summary>Sends bodies that aren't JSON.</summary>
[Workflow("send-form")]
public sealed partial class SendForm : IWorkflow<SendForm.Input>
{
    public sealed record Input(string Url, string User, string? Note, decimal Amount);

    public static Flow Define(Flow flow, Input input) => flow
        .HttpPost(
            $"{input.Url}/form",
            HttpBody.Form(new { grant_type = "a b", input.User, input.Note, input.Amount, flag = input.Amount > 1 }))
        .HttpPut($"{input.Url}/text", HttpBody.Text($"{input.User};{input.Amount + 1}", "text/csv; charset=utf-8"));
}
