using System.Globalization;
using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using PgDurable.Graph;

namespace PgDurable.Dashboard.Pages;

/// <summary>Actions on a workflow.</summary>
internal static class WorkflowActions
{
    public static async Task<string> StartAsync(Question question, CancellationToken ct)
    {
        var name = question.RequiredField("name");
        var version = int.Parse(question.RequiredField("version"), NumberStyles.None, CultureInfo.InvariantCulture);
        var graph = await question.Database.ValueAsync<string>(
            """
            SELECT g.graph FROM df.registrations r JOIN df.graphs g ON g.graph_id = r.graph_id
             WHERE r.workflow = $1 AND r.version = $2 AND r.owner = quote_ident(current_user)::regrole
            """,
            ct, name, version)
            ?? throw new RefusedException(404, "Not found", $"Your role has no version {version} of workflow \"{name}\".");
        var input = FormFields.Json(question, FormFields.OfInput(WorkflowGraph.Parse(graph)));
        var id = await question.Database.ValueAsync<string>(
            "SELECT df.start_workflow($1, $2::jsonb, label => $3, idempotency_key => $4, version => $5)",
            ct, name, input, question.Field("label"), question.Field("key"), version);
        return $"/instances/{id}";
    }
}
