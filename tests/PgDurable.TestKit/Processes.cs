using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PgDurable.TestKit;

/// <summary>What /proc says about processes.</summary>
public static class Processes
{
    /// <summary>Whether the process runs; a zombie does not.</summary>
    public static bool IsAlive(int pid) => Stat(pid) is { State: not ('Z' or 'X') };

    /// <summary>The living children of a process.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent) =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Stat(pid) is { State: not ('Z' or 'X') } stat && stat.Parent == parent)
            .ToList();

    /// <summary>The command line, with spaces between the arguments; empty when the process is gone.</summary>
    public static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ').Trim();

    /// <summary>kill -9.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>kill with a signal that can be caught.</summary>
    public static void Signal(int pid, PosixSignal signal)
    {
        var name = signal switch
        {
            PosixSignal.SIGTERM => "TERM",
            PosixSignal.SIGHUP => "HUP",
            PosixSignal.SIGINT => "INT",
            PosixSignal.SIGQUIT => "QUIT",
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        using var kill = Process.Start("kill", ["-" + name, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>A line of /proc/PID/status, for example "SigIgn".</summary>
    public static string? Status(int pid, string name) =>
        Read(pid, "status").Split('\n').Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair[0] == name)?[1].Trim();

    static (char State, int Parent)? Stat(int pid)
    {
        // "pid (name) state parent …"; the name may hold anything, also brackets.
        var text = Read(pid, "stat");
        var end = text.LastIndexOf(')');
        if (end < 0)
            return null;
        var fields = text[(end + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
