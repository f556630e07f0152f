using System.Diagnostics;
using System.Globalization;
using System.Text;
using PgDurable.TestKit;

namespace PgDurable.QuickStart;

/// <summary>A terminal with bash in it. What has been typed may still run.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Process _shell;
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly StringBuilder _printed = new();
    private int _count;

    /// <summary>Starts bash.</summary>
    /// <param name="command">What starts bash; its arguments are added.</param>
    /// <param name="folder">Where it starts, as bash names it.</param>
    public Terminal(IReadOnlyList<string> command, string folder)
    {
        Folder = folder;
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "--noprofile", "--norc", "-s", _mark])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _shell = Process.Start(start)!;
        _shell.OutputDataReceived += Received;
        _shell.ErrorDataReceived += Received;
        _shell.BeginOutputReadLine();
        _shell.BeginErrorReadLine();
        Write($"exec 2>&1; cd '{folder}'");
    }

    /// <summary>Whether what was typed last has not ended.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Where the shell is.</summary>
    public string Folder { get; private set; }

    /// <summary>The exit code of what was typed last; null while it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>What came out of what was typed last.</summary>
    public string Output
    {
        get
        {
            lock (_printed)
                return Look();
        }
    }

    /// <summary>Types commands for the shell. They are one for it, so that a program that reads its input doesn't get the rest.</summary>
    public void Type(string commands)
    {
        Begin();
        Write($"{{\n{commands}\n}}; printf '\\n{_mark} %s %s %s\\n' {_count} $? \"$PWD\"");
    }

    /// <summary>Types into psql, which runs here.</summary>
    public void TypeSql(string statements)
    {
        Begin();
        Write($"{statements}\n\\echo\n\\echo {_mark} {_count} psql");
    }

    /// <summary>Ctrl+C.</summary>
    public void Interrupt()
    {
        // What enters a root has the shell's arguments too.
        var shell = _shell.Id;
        while (Processes.ChildrenOf(shell).FirstOrDefault(IsMarked) is > 0 and var inner)
            shell = inner;
        foreach (var pid in Below(shell).ToList())
            Processes.Signal(pid, System.Runtime.InteropServices.PosixSignal.SIGINT);
    }

    public void Dispose()
    {
        _shell.StandardInput.Close();
        if (!_shell.WaitForExit(TimeSpan.FromSeconds(20)))
            _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
    }

    private bool IsMarked(int pid) => Processes.CommandLine(pid).Contains(_mark, StringComparison.Ordinal);

    private static IEnumerable<int> Below(int pid) => Processes.ChildrenOf(pid).SelectMany(child => Below(child).Append(child));

    private void Begin()
    {
        lock (_printed)
        {
            _printed.Clear();
            _count++;
            IsRunning = true;
            ExitCode = null;
        }
    }

    private void Write(string text)
    {
        _shell.StandardInput.Write(text + "\n");
        _shell.StandardInput.Flush();
    }

    private void Received(object sender, DataReceivedEventArgs received)
    {
        lock (_printed)
            if (received.Data is { } line)
                _printed.Append(line).Append('\n');
    }

    // The output up to the mark of the end, which says how it ended.
    private string Look()
    {
        var text = _printed.ToString();
        var end = text.LastIndexOf($"\n{_mark} ", StringComparison.Ordinal);
        if (end < 0)
            return text;
        var words = text[(end + 1)..].TrimEnd('\n').Split(' ', 4);
        IsRunning = words[2] == "psql";
        ExitCode = words[2] == "psql" ? 0 : int.Parse(words[2], CultureInfo.InvariantCulture);
        if (words.Length > 3)
            Folder = words[3];
        return text[..end];
    }
}
