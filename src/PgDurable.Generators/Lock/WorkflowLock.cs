using System.Text;
using PgDurable.Graph;

namespace PgDurable.Generators.Lock;

/// <summary>The graphs that were released: for each workflow and version its content hash.</summary>
internal sealed class WorkflowLock
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "workflows.lock.json";

    private readonly SortedDictionary<string, SortedDictionary<int, string>> _workflows = new(StringComparer.Ordinal);

    /// <summary>The locked hash, in lower case; null when there is none.</summary>
    public string? HashOf(string workflow, int version) =>
        _workflows.TryGetValue(workflow, out var versions) && versions.TryGetValue(version, out var hash) ? hash : null;

    /// <summary>Whether some version of the workflow is locked.</summary>
    public bool Knows(string workflow) => _workflows.ContainsKey(workflow);

    /// <summary>The version after all that are locked, at least 1.</summary>
    public int NextVersion(string workflow) =>
        _workflows.TryGetValue(workflow, out var versions) && versions.Count > 0 ? versions.Keys.Max() + 1 : 1;

    /// <summary>Adds an entry, or replaces it.</summary>
    public void Set(string workflow, int version, string hash)
    {
        if (!_workflows.TryGetValue(workflow, out var versions))
            _workflows.Add(workflow, versions = []);
        versions[version] = hash.ToLowerInvariant();
    }

    /// <summary>The file's content: sorted and one version per line, so that changes of different people merge.</summary>
    public string ToJson()
    {
        var json = new StringBuilder("{\n  \"workflows\": {");
        var isFirst = true;
        foreach (var workflow in _workflows)
        {
            json.Append(isFirst ? "\n    " : ",\n    ");
            isFirst = false;
            GraphWriter.AppendString(json, workflow.Key);
            json.Append(": {");
            json.Append(string.Join(",", workflow.Value.Select(version => $"\n      {EntryOf(version.Key, version.Value)}")));
            json.Append("\n    }");
        }

        return json.Append("\n  }\n}\n").ToString();
    }

    /// <summary>One version's line.</summary>
    public static string EntryOf(int version, string hash) => $"\"{version}\": \"{hash}\"";
}
