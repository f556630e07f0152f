using System.Text.RegularExpressions;
using PgDurable.TestKit;

namespace PgDurable.QuickStart;

/// <summary>Does what a page says.</summary>
internal sealed partial class PageRun(Func<Terminal> open, string root, bool isAdministrator) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceOfReaders = TimeSpan.FromSeconds(60);

    private readonly Dictionary<int, Terminal> _terminals = [];
    private readonly Dictionary<string, string> _ids = [];
    private int _current = 1;

    private Terminal Current => _terminals.TryGetValue(_current, out var there) ? there : _terminals[_current] = open();

    public async Task RunAsync(Page page)
    {
        var blocks = page.Blocks
            .Where(block => isAdministrator || !block.Heading.EndsWith("(as an administrator)", StringComparison.Ordinal)).ToList();
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i] with { Text = WithIds(blocks[i].Text) };
            var expected = i + 1 < blocks.Count && blocks[i + 1].Language == "text" ? WithIds(blocks[i + 1].Text) : null;
            Console.WriteLine($"{page.Path}:{block.Line}: {block.Text.Split('\n')[0]}");
            foreach (Match link in Link().Matches(block.Before))
                await OpenAsync(link.Value);
            try
            {
                await DoAsync(block, expected);
            }
            catch (PageException e)
            {
                throw new PageException($"{page.Path}:{block.Line}: {e.Message}");
            }
        }
    }

    public void Dispose()
    {
        foreach (var terminal in _terminals.Values)
        {
            if (terminal.IsRunning)
                terminal.Interrupt();
            terminal.Dispose();
        }
    }

    private string WithIds(string text) => _ids.Aggregate(text, (each, id) => each.Replace(id.Key, id.Value, StringComparison.Ordinal));

    private Task DoAsync(CodeBlock block, string? expected)
    {
        if (block.Before.Contains("first terminal", StringComparison.OrdinalIgnoreCase))
            _current = 1;
        else if (block.Before.Contains("second terminal", StringComparison.OrdinalIgnoreCase))
            _current = 2;
        if (block.Language == "text")
            return Task.CompletedTask;
        if (FileName().Match(block.Before) is { Success: true } file && block.Language != "sh")
            return WriteAsync(file.Groups[1].Value, block);
        return block.Language switch
        {
            "sh" => ShellAsync(block.Text, expected),
            "sql" => SqlAsync(block.Text, expected),
            _ => throw new PageException($"what is a reader to do with a block of {block.Language}?"),
        };
    }

    private async Task ShellAsync(string commands, string? expected)
    {
        if (Current.IsRunning)
        {
            Current.Interrupt();
            await EndAsync();
        }
        Current.Type(commands);
        // It stays until the page ends it.
        if (commands.Contains("psql", StringComparison.Ordinal) && !commands.Contains('\n', StringComparison.Ordinal) && expected is null)
            return;
        await CompareAsync(expected, ReadsOnly(commands) ? () => Current.Type(commands) : null);
        if (!Current.IsRunning && Current.ExitCode != 0 && expected is null)
            throw new PageException($"failed ({Current.ExitCode}):\n{Current.Output}");
    }

    private Task SqlAsync(string statements, string? expected)
    {
        if (!Current.IsRunning)
            Current.Type("psql");
        Current.TypeSql(statements);
        return CompareAsync(expected, ReadsOnly(statements) ? () => Current.TypeSql(statements) : null);
    }

    // While a program runs, its output is looked at again and again. What has ended has said all.
    private async Task CompareAsync(string? expected, Action? again)
    {
        var given = DateTime.UtcNow;
        while (true)
        {
            var actual = Current.Output;
            var hasEnded = Current.ExitCode is not null;
            if (expected is null ? hasEnded : new Expectation(expected, isBeginning: !hasEnded).Fits(actual, _ids))
                return;
            var patience = hasEnded ? again is null ? TimeSpan.Zero : PatienceOfReaders : Patience;
            if (DateTime.UtcNow - given > patience)
                throw new PageException($"the page says:\n{expected}\nwhat came out:\n{actual}");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            if (hasEnded)
                again?.Invoke();
        }
    }

    private async Task EndAsync()
    {
        for (var given = DateTime.UtcNow; Current.Output is var said && Current.ExitCode is null;)
        {
            if (DateTime.UtcNow - given > PatienceOfReaders)
                throw new PageException($"Ctrl+C doesn't end the program:\n{said}");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private async Task WriteAsync(string name, CodeBlock block)
    {
        var path = Path.Combine(root + Current.Folder, name);
        if (block.Language != "diff")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, block.Text + "\n");
            return;
        }
        var lines = block.Text.Split('\n');
        var before = Side(lines, '+');
        var text = await File.ReadAllTextAsync(path);
        if (text.Split(before).Length != 2)
            throw new PageException($"{name} does not have these lines once:\n{before}\nin:\n{text}");
        await File.WriteAllTextAsync(path, text.Replace(before, Side(lines, '-'), StringComparison.Ordinal));
    }

    private static string Side(string[] lines, char other) =>
        string.Concat(lines.Where(line => line[0] != other).Select(line => line[1..] + "\n"));

    private static async Task OpenAsync(string address)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(address));
        if (!answer.IsSuccessStatusCode)
            throw new PageException($"{address} answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        Console.WriteLine($"{address} answers {(int)answer.StatusCode}");
    }

    private static bool ReadsOnly(string text) =>
        (text.StartsWith("curl -s ", StringComparison.Ordinal) && !text.Contains(" -d ", StringComparison.Ordinal)
            && !text.Contains(" -X ", StringComparison.Ordinal) && !text.Contains('\n', StringComparison.Ordinal))
        || (text.StartsWith("SELECT ", StringComparison.Ordinal) && text.IndexOf(';', StringComparison.Ordinal) == text.Length - 1
            && (!text.StartsWith("SELECT df.", StringComparison.Ordinal) || text.StartsWith("SELECT df.why", StringComparison.Ordinal)));

    [GeneratedRegex("`([^`\n]+\\.[a-z]+)`:$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"http://localhost:[0-9]+[^\s>)]*")]
    private static partial Regex Link();
}
