using System.Runtime.Serialization.Json;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace PgDurable.Generators.Files;

/// <summary>Reads a file with JSON as XML, because .NET Standard has no other reader.</summary>
internal static class JsonFile
{
    /// <summary>Returns the problem, or null and the root.</summary>
    public static FileProblem? Read(string text, out XElement? root)
    {
        if (Parse(text, out root) is { } message)
            return new(LineOfError(text, message), message);

        // The reader closes what is still open at the end of the text, and ignores extra closing braces.
        var braces = Regex.Replace(text, @"""(?:\\.|[^""\\])*""", "");
        return braces.Count(c => c is '{' or '[') == braces.Count(c => c is '}' or ']')
            ? null
            : new(text.TrimEnd().Count(c => c == '\n'), "the opening and closing braces don't match");
    }

    /// <summary>Returns the line of the last of these members, each of which is inside the one before.</summary>
    public static int LineOf(string text, params string[] names)
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

    /// <summary>Returns a member's name. One that isn't a valid XML element name is in an attribute.</summary>
    public static string NameOf(XElement element) => element.Attribute("item")?.Value ?? element.Name.LocalName;

    public static bool IsObject(XElement element) => element.Attribute("type")?.Value == "object";

    public static bool IsString(XElement element) => element.Attribute("type")?.Value == "string";

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
}
