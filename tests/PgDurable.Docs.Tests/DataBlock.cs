using System.Text.Json;
using System.Xml.Linq;
using YamlDotNet.RepresentationModel;

namespace PgDurable.Docs.Tests;

/// <summary>JSON, XML and YAML on a page.</summary>
internal static class DataBlock
{
    public static void Read(CodeBlock block)
    {
        switch (block.Language)
        {
            case "json":
                JsonDocument.Parse(block.Text).Dispose();
                break;
            case "xml":
                XElement.Parse(block.Text);
                break;
            default:
                new YamlStream().Load(new StringReader(block.Text));
                break;
        }
    }
}
