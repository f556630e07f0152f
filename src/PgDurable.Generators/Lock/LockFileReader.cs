using System.Globalization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace PgDurable.Generators.Lock;

/// <summary>Reads <c>workflows.lock.json</c>: <c>{"workflows": {"order-approval": {"1": "hash"}}}</c>.</summary>
internal static class LockFileReader
{
    private const int HashLength = 64;

    /// <summary>Returns the problem, or null and the file's content.</summary>
    public static LockFileProblem? Read(string text, out WorkflowLock content)
    {
        content = new();
        if (Parse(text, out var root) is { } message)
            return new(LineOfError(text, message), message);

        // The reader closes what is open at the end of the text, and overlooks what is closed too often.
        var braces = Regex.Replace(text, @"""(?:\\.|[^""\\])*""", "");
        if (braces.Count(c => c == '{') != braces.Count(c => c == '}'))
            return new(text.TrimEnd().Count(c => c == '\n'), "there are not as many closing braces as opening ones");
        if (root is not { } file || !IsObject(file)
            || file.Elements().FirstOrDefault(item => NameOf(item) == "workflows") is not { } workflows || !IsObject(workflows))
            return new(0, "it has to be an object with the member 'workflows', which is an object");

        foreach (var workflow in workflows.Elements())
        {
            var name = NameOf(workflow);
            if (!IsObject(workflow))
                return new(LineOf(text, name), $"'{name}' has to be an object with a hash for each version");
            foreach (var version in workflow.Elements())
            {
                if (!int.TryParse(NameOf(version), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
                {
                    return new(
                        LineOf(text, name, NameOf(version)), $"'{NameOf(version)}' is no version of '{name}': versions count from 1");
                }

                if (!IsHash(version))
                {
                    return new(
                        LineOf(text, name, NameOf(version)),
                        $"version {number} of '{name}' has to have a SHA-256 hash in {HashLength} hexadecimal digits");
                }

                content.Set(name, number, version.Value);
            }
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

    // The reader does not say where the error is. It stops at the first one, so the line is the first with which it says the same; without
    // that line it would miss the end of the file.
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

    // A name that XML does not allow for an element stands in an attribute.
    private static string NameOf(XElement element) => element.Attribute("item")?.Value ?? element.Name.LocalName;

    private static bool IsObject(XElement element) => element.Attribute("type")?.Value == "object";

    private static bool IsHash(XElement element) =>
        element.Attribute("type")?.Value == "string" && element.Value.Length == HashLength
        && element.Value.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'));
}
