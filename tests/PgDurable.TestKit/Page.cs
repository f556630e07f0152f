using Markdig;
using Markdig.Syntax;
using CodeBlockSyntax = Markdig.Syntax.CodeBlock;

namespace PgDurable.TestKit;

/// <summary>A page of the documentation.</summary>
public sealed class Page
{
    readonly string _text;

    Page(string path, string text)
    {
        Path = path;
        _text = text;
        Blocks = Find(Markdown.Parse(text, new MarkdownPipelineBuilder().UsePreciseSourceLocation().UsePipeTables().Build()));
    }

    /// <summary>Where it is, below the folder of the solution.</summary>
    public string Path { get; }

    /// <summary>The code blocks, from top to bottom.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>A page by its path below the folder of the solution, such as <c>docs/activities.md</c>.</summary>
    public static Page Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, path)));

    /// <summary>The only code block in a language.</summary>
    public string Code(string language) => Blocks.Single(block => block.Language == language).Text;

    List<CodeBlock> Find(MarkdownDocument document)
    {
        var found = new List<CodeBlock>();
        var heading = "";
        foreach (var block in document.Descendants<Block>())
            if (block is HeadingBlock title)
                heading = Source(title).TrimStart('#', ' ');
            else if (block is CodeBlockSyntax code)
                found.Add(new(
                    (code as FencedCodeBlock)?.Info ?? "", (code as FencedCodeBlock)?.Arguments ?? "", code.Lines.ToString(), code.Line + 1,
                    heading, Before(code)));
        return found;
    }

    string Before(Block block)
    {
        var siblings = block.Parent!;
        var before = siblings.IndexOf(block) - 1;
        return before >= 0 && siblings[before] is ParagraphBlock or HtmlBlock ? Source(siblings[before]) : "";
    }

    string Source(Block block) => _text.Substring(block.Span.Start, block.Span.Length);
}
