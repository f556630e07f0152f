using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>The session in psql of docs/activities.md.</summary>
public sealed partial class ActivitiesPsqlTests(ActivitiesCluster cluster) : IClassFixture<ActivitiesCluster>
{
    private const string Prompt = "=> ";
    private const string Continuation = "-> ";
    private const string End = "-- end of statement";

    [Fact]
    public async Task Session_InPsql_PrintsWhatThePageSays()
    {
        using var psql = await StartAsync();
        var session = Statements(Page.Read("docs/activities.md").Code("psql")).ToList();
        Assert.True(session.Count > 8);
        foreach (var (statement, output) in session)
        {
            if (statement.Contains("df.claim_tasks", StringComparison.Ordinal))
                await cluster.TaskAsync();
            Assert.Equal($"{statement}\n{Normal(output)}", $"{statement}\n{Normal(await RunAsync(psql, statement))}");
        }

        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        Assert.Equal(1L, await cluster.Server.ScalarAsync<long>("SELECT count(*) FROM thumbnails"));
    }

    private static IEnumerable<(string Statement, string Output)> Statements(string session)
    {
        var (statement, output) = ("", new StringBuilder());
        foreach (var line in session.Split('\n'))
        {
            if (line.StartsWith(Continuation, StringComparison.Ordinal))
            {
                statement += " " + line[Continuation.Length..];
            }
            else if (line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                if (statement.Length > 0)
                    yield return (statement, output.ToString());
                (statement, output) = (line[Prompt.Length..], new());
            }
            else
            {
                output.Append(line).Append('\n');
            }
        }

        yield return (statement, output.ToString());
    }

    private async Task<Process> StartAsync()
    {
        var folder = await cluster.Server.ScalarAsync<string>("SELECT setting FROM pg_config WHERE name = 'BINDIR'");
        var start = new ProcessStartInfo("bash", ["-c", $"exec '{folder}/psql' -X -q -v VERBOSITY=terse -P footer=off 2>&1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in cluster.Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<string> RunAsync(Process psql, string statement)
    {
        await psql.StandardInput.WriteAsync($"{statement}\n\\echo '{End}'\n");
        await psql.StandardInput.FlushAsync();
        var output = new StringBuilder();
        while (await psql.StandardOutput.ReadLineAsync() is { } line && line != End)
            output.Append(line).Append('\n');
        return output.ToString();
    }

    // Without the frame of tables, whose widths nobody wants to write down.
    private static string Normal(string output) => string.Join('\n', output.Split('\n')
        .Where(line => !Frame().IsMatch(line)).Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("^-+(\\+-+)*$")]
    private static partial Regex Frame();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
