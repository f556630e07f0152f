using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PgDurable.Docs.Tests;

/// <summary>Command lines on a page.</summary>
internal static class ShellBlock
{
    // Bash itself takes the commands apart. It finds no program, so it asks this function instead, which writes the words down.
    const string Prelude =
        """
        command_not_found_handle() { printf '%s\0' "$@" '' >&3; }
        cd() { :; }; exec() { "$@"; }; sleep() { :; }
        PATH=/nonexistent
        """;

    /// <summary>The commands of a block, each as its words. A console shows them after <c>$</c>, and what they print.</summary>
    /// <exception cref="InvalidOperationException">Bash can't read it.</exception>
    public static async Task<IReadOnlyList<string[]>> CommandsAsync(CodeBlock block)
    {
        var lines = block.Text.Split('\n');
        var script = block.Language == "console"
            ? string.Join('\n', lines.Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]))
            : block.Text;
        // A command with a path would run, if there were one: it goes the way of the others.
        script = Regex.Replace(script, @"(?m)^(\s*)(?=[\w.]*/[\w./-]+(\s|$))", "$1command_not_found_handle ");

        var folder = Directory.CreateTempSubdirectory("docs-shell-");
        try
        {
            var words = Path.Combine(folder.FullName, "words");
            var start = new ProcessStartInfo("bash", ["-c", $"exec 3>{words}\n{Prelude}\n{script}"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            using var bash = Process.Start(start)!;
            bash.StandardInput.Close();
            _ = bash.StandardOutput.ReadToEndAsync();
            var errors = await bash.StandardError.ReadToEndAsync();
            await bash.WaitForExitAsync();
            if (errors.Contains("syntax error", StringComparison.Ordinal) || errors.Contains("unexpected EOF", StringComparison.Ordinal))
                throw new InvalidOperationException(errors);
            return [.. (await File.ReadAllTextAsync(words)).Split("\0\0", StringSplitOptions.RemoveEmptyEntries)
                .Select(command => command.Split('\0'))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
