using System.Globalization;
using System.Xml.Linq;
using PgDurable.Generators.Files;
using static PgDurable.Generators.Files.JsonFile;

namespace PgDurable.Generators.Lock;

/// <summary>
/// Reads <c>workflows.lock.json</c>: <c>{"workflows": {"order-approval": {"1": "hash"}}, "activities": {"charge-card": "shape"}}</c>.
/// </summary>
internal static class LockFileReader
{
    private const int HashLength = 64;

    /// <summary>Returns the problem, or null and the file's content.</summary>
    public static FileProblem? Read(string text, out WorkflowLock content)
    {
        content = new();
        if (JsonFile.Read(text, out var root) is { } problem)
            return problem;
        if (root is not { } file || !IsObject(file)
            || file.Elements().FirstOrDefault(item => NameOf(item) == "workflows") is not { } workflows || !IsObject(workflows))
            return new(0, "it must be an object with a member 'workflows' that is an object too");

        foreach (var workflow in workflows.Elements())
        {
            var name = NameOf(workflow);
            if (!IsObject(workflow))
                return new(LineOf(text, name), $"'{name}' must be an object with one hash for each version");
            foreach (var version in workflow.Elements())
            {
                if (!int.TryParse(NameOf(version), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
                {
                    return new(
                        LineOf(text, name, NameOf(version)), $"'{NameOf(version)}' isn't a version of '{name}'; versions start at 1");
                }

                if (!IsHash(version))
                {
                    return new(
                        LineOf(text, name, NameOf(version)),
                        $"version {number} of '{name}' must have a SHA-256 hash of {HashLength} hexadecimal digits");
                }

                content.Set(name, number, version.Value);
            }
        }

        return file.Elements().FirstOrDefault(item => NameOf(item) == "activities") is { } activities
            ? ReadActivities(text, activities, content)
            : null;
    }

    private static FileProblem? ReadActivities(string text, XElement activities, WorkflowLock content)
    {
        if (!IsObject(activities))
            return new(LineOf(text, "activities"), "'activities' must be an object with one shape for each activity");
        foreach (var activity in activities.Elements())
        {
            if (!IsString(activity) || ShapeReader.Read(activity.Value) is null)
            {
                return new(
                    LineOf(text, "activities", NameOf(activity)),
                    $"'{NameOf(activity)}' must have a shape, such as \"(account: text, total: number) -> (id: text)\"");
            }

            content.SetActivity(NameOf(activity), activity.Value);
        }

        return null;
    }

    private static bool IsHash(XElement element) =>
        IsString(element) && element.Value.Length == HashLength
        && element.Value.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'));
}
