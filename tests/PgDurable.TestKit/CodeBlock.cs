namespace PgDurable.TestKit;

/// <summary>A code block of a page.</summary>
/// <param name="Language">The first word after the fence, such as <c>csharp</c>; empty if there is none.</param>
/// <param name="Arguments">What follows the language after the fence.</param>
/// <param name="Text">The lines between the fences, without the last line's end.</param>
/// <param name="Line">Where the block starts, counted from 1.</param>
/// <param name="Heading">The text of the heading above it; empty if there is none.</param>
/// <param name="Before">The Markdown of the paragraph or comment directly before the block; empty if it is something else.</param>
public sealed record CodeBlock(string Language, string Arguments, string Text, int Line, string Heading, string Before);
