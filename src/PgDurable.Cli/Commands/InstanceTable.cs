using System.CommandLine;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary>The table of instances that some commands write.</summary>
internal static class InstanceTable
{
    public static Option<int> Limit()
    {
        var limit = new Option<int>("--limit", "-n") { Description = "The maximum number of instances.", DefaultValueFactory = _ => 20 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit must be at least 1.");
        });
        return limit;
    }

    public static async Task WriteAsync(Session session, IAsyncEnumerable<InstanceInfo> instances, int limit)
    {
        var found = await instances.Take(limit).ToListAsync();
        if (session.Output.IsJson)
            session.Output.WriteJson(found);
        else
            session.Output.WriteTable(
                ["id", "status", "workflow", "label", "created", "ended", "output"], found.Select(each => new[]
                {
                    each.InstanceId, InstanceState.Word(each.Status), Lines.Version(each), each.Label, Lines.Time(each.CreatedAt),
                    Lines.Time(each.EndedAt), Lines.Cut(each.Output, 60),
                }));
    }
}
