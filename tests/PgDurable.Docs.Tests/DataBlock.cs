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
                Yaml(block);
                break;
        }
    }

    /// <summary>The document of a block of YAML.</summary>
    public static YamlMappingNode Yaml(CodeBlock block)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(block.Text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
