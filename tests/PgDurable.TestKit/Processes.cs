using System.Diagnostics;
using System.Globalization;

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
