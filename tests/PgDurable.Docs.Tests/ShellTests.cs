using System.Diagnostics;
using PgDurable.Cli;

namespace PgDurable.Docs.Tests;

/// <summary>Command lines on a page are what a shell, the tool, make and the tree accept. No command runs.</summary>
public sealed class ShellTests
{
    static readonly string[] Languages = ["bash", "console", "sh"];

    public static TheoryData<string> Pages => DocumentedPages.With(Languages);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Commands_OfAPage_AreAccepted(string page)
    {
        foreach (var block in DocumentedPages.Blocks(page, Languages))
            foreach (var command in await ShellBlock.CommandsAsync(block))
            {
                var problem = await ProblemAsync(command);
                Assert.True(problem is null, $"{page}:{block.Line}: {string.Join(' ', command)}: {problem}");
            }
    }

    [Theory]
    [InlineData("pgdurable chek -a x.dll", "chek")]
    [InlineData("pgdurable list | less && pgdurable doctor --nothing", "--nothing")]
    [InlineData("make -C src/PgDurable.Extension instal", "instal")]
    [InlineData("eng/nothing.sh up", "eng/nothing.sh")]
    [InlineData("dotnet run --project samples/Nothing", "samples/Nothing")]
    [InlineData("echo 'open", "EOF")]
    public async Task Mistake_InABlock_IsFound(string line, string part)
    {
        var problems = new List<string?>();
        try
        {
            foreach (var command in await ShellBlock.CommandsAsync(new("sh", "", line, 1, "", "")))
                problems.Add(await ProblemAsync(command));
        }
        catch (InvalidOperationException e)
        {
            problems.Add(e.Message);
        }

        Assert.Contains(problems, problem => problem?.Contains(part, StringComparison.Ordinal) == true);
    }

    static async Task<string?> ProblemAsync(string[] command) => command switch
    {
        ["sudo", .. var rest] => await ProblemAsync([.. rest.SkipWhile(word => word.Contains('=', StringComparison.Ordinal))]),
        ["pgdurable", .. var arguments] => Tool.Create().Parse(arguments).Errors is { Count: > 0 } errors
            ? string.Join("; ", errors.Select(error => error.Message)) : null,
        ["make", .. var arguments] => await MakeAsync(arguments),
        [{ } program, ..] when program.Contains('/', StringComparison.Ordinal) => Missing(program),
        ["psql", .., "-f", var file] when file.Contains('/', StringComparison.Ordinal) => Missing(file),
        ["dotnet", .. var arguments] when Array.IndexOf(arguments, "--project") is > 0 and var at => Missing(arguments[at + 1]),
        ["dotnet", "tool" or "add", "install" or "package", .., var name] when name.StartsWith("PgDurable.", StringComparison.Ordinal) =>
            Missing($"src/{name}"),
        _ => null,
    };

    static string? Missing(string path) => Path.Exists(Path.Combine(RepositoryRoot.Path, path)) ? null : $"{path} doesn't exist";

    static async Task<string?> MakeAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("make", ["-n", .. arguments])
        {
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var make = Process.Start(start)!;
        _ = make.StandardOutput.ReadToEndAsync();
        var errors = await make.StandardError.ReadToEndAsync();
        await make.WaitForExitAsync();
        return make.ExitCode == 0 ? null : errors;
    }
}
