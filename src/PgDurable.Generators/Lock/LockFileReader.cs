using System.Globalization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace PgDurable.Generators.Lock;

/// <summary>
/// Reads <c>workflows.lock.json</c>: <c>{"workflows": {"order-approval": {"1": "hash"}}, "activities": {"charge-card": "shape"}}</c>.
/// </summary>
internal static class LockFileReader
{
    private const int HashLength = 64;

    /// <summary>Returns the problem, or null and the file's content.</summary>
    public static LockFileProblem? Read(string text, out WorkflowLock content)
    {
        content = new();
        if (Parse(text, out var root) is { } message)
            return new(LineOfError(text, message), message);

        // The reader closes what is still open at the end of the text, and ignores extra closing braces.
        var braces = Regex.Replace(text, @"""(?:\\.|[^""\\])*""", "");
        if (braces.Count(c => c == '{') != braces.Count(c => c == '}'))
            return new(text.TrimEnd().Count(c => c == '\n'), "the opening and closing braces don't match");
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

    private static LockFileProblem? ReadActivities(string text, XElement activities, WorkflowLock content)
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

    /// <summary>Returns what is wrong with the JSON.</summary>
    private static string? Parse(string text, out XElement? root)
    {
        root = null;
        try
        {
            using var reader = JsonReaderWriterFactory.CreateJsonReader(Encoding.UTF8.GetBytes(text), XmlDictionaryReaderQuotas.Max);
            root = XElement.Load(reader);
            return null;
        }
        catch (Exception error) when (error is XmlException or FormatException or ArgumentException or InvalidOperationException)
        {
            return error.Message.Trim();
        }
    }

    // The reader doesn't say where the error is, but it stops at the first one. So the error is on the first line that makes it report the
    // same message: without that line it would complain about the end of the file.
    private static int LineOfError(string text, string message)
    {
        var lines = text.Split('\n');
        var (low, high) = (0, lines.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Parse(string.Join("\n", lines.Take(middle + 1)), out _) == message)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static int LineOf(string text, params string[] names)
    {
        var position = 0;
        foreach (var name in names)
        {
            var found = text.IndexOf($"\"{name}\"", position, StringComparison.Ordinal);
            if (found < 0)
                break;
            position = found;
        }

        return text.Take(position).Count(c => c == '\n');
    }

    // A name that isn't a valid XML element name is in an attribute.
    private static string NameOf(XElement element) => element.Attribute("item")?.Value ?? element.Name.LocalName;

    private static bool IsObject(XElement element) => element.Attribute("type")?.Value == "object";

    private static bool IsString(XElement element) => element.Attribute("type")?.Value == "string";

    private static bool IsHash(XElement element) =>
        IsString(element) && element.Value.Length == HashLength
        && element.Value.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'));
}
