using System.Text;
using Microsoft.CodeAnalysis;
using PgDurable.Graph;

namespace PgDurable.Generators.Lock;

/// <summary>What was released: the content hash of each version of each workflow, and the shape of each activity.</summary>
internal sealed class WorkflowLock
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "workflows.lock.json";

    private readonly SortedDictionary<string, SortedDictionary<int, string>> _workflows = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, string> _activities = new(StringComparer.Ordinal);

    /// <summary>Whether a file is this one.</summary>
    public static bool Is(AdditionalText file) => string.Equals(Path.GetFileName(file.Path), FileName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The locked hash, in lowercase; null if the version isn't locked.</summary>
    public string? HashOf(string workflow, int version) =>
        _workflows.TryGetValue(workflow, out var versions) && versions.TryGetValue(version, out var hash) ? hash : null;

    /// <summary>Whether any version of the workflow is locked.</summary>
    public bool Knows(string workflow) => _workflows.ContainsKey(workflow);

    /// <summary>The version after the highest one that is locked; 1 if none is.</summary>
    public int NextVersion(string workflow) =>
        _workflows.TryGetValue(workflow, out var versions) && versions.Count > 0 ? versions.Keys.Max() + 1 : 1;

    /// <summary>Adds an entry, or replaces it.</summary>
    public void Set(string workflow, int version, string hash)
    {
        if (!_workflows.TryGetValue(workflow, out var versions))
            _workflows.Add(workflow, versions = []);
        versions[version] = hash.ToLowerInvariant();
    }

    /// <summary>The locked shape of an activity, as text; null if the activity isn't locked.</summary>
    public string? ShapeOf(string activity) => _activities.TryGetValue(activity, out var shape) ? shape : null;

    /// <summary>Adds an activity, or replaces it.</summary>
    public void SetActivity(string activity, string shape) => _activities[activity] = shape;

    /// <summary>The file's content: sorted, one version or activity per line, so that changes made by different people merge.</summary>
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

        json.Append("\n  }");
        if (_activities.Count > 0)
        {
            json.Append(",\n  \"activities\": {");
            json.Append(string.Join(",", _activities.Select(activity => $"\n    {ActivityEntryOf(activity.Key, activity.Value)}")));
            json.Append("\n  }");
        }

        return json.Append("\n}\n").ToString();
    }

    /// <summary>One activity's line.</summary>
    public static string ActivityEntryOf(string activity, string shape)
    {
        var json = new StringBuilder();
        GraphWriter.AppendString(json, activity);
        GraphWriter.AppendString(json.Append(": "), shape);
        return json.ToString();
    }

    /// <summary>One version's line.</summary>
    public static string EntryOf(int version, string hash) => $"\"{version}\": \"{hash}\"";
}
