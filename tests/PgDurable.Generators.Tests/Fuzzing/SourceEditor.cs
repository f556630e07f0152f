using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PgDurable.Generators.Tests.Fuzzing;

/// <summary>Makes the mistakes that people make while they type, and worse.</summary>
internal sealed class SourceEditor
{
    private static readonly string[] Extra =
    [
        "{", "}", "(", ")", "[", "]", "<", ">", ";", ",", ".", "=>", "?", "!", "..", "\"", "$\"", "\"\"\"", "'", "/*", "*/", "//",
        "#if X", "#endif", "@", "null", "default", "this", "base", "async", "await", "static", "partial", "record", "struct", "file",
        "unsafe", "ref", "out", "in", "params", "new", "var", "dynamic", "throw", "return", "nameof", "typeof", "checked", "is", "as",
        "switch", "with", "int", "string", "object", "void", "T", "flow", "input", "f", "0", "-1", "1.5m", "9999999999999999999", "\0",
        "\u0001", "🙂", "é", "\r", "$", "{{", "}}", ":", "::", "=", "==", "&&", "||", "+", "-", "global::",
    ];

    private readonly Random _random;
    private readonly string[] _words;
    private readonly List<string> _edits = [];
    private string _text;

    private SourceEditor(string source, string[] words, int seed)
    {
        _text = source;
        _words = words;
        _random = new(seed);
    }

    /// <summary>Edits a source: the same seed makes the same edits.</summary>
    /// <param name="source">The source.</param>
    /// <param name="words">Words to insert now and then: tokens from sources like this one.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The edited source, and what was done to it.</returns>
    public static (string Source, IReadOnlyList<string> Edits) Edit(string source, string[] words, int seed)
    {
        var editor = new SourceEditor(source, words, seed);
        for (var edits = editor._random.Next(1, 5); edits > 0; edits--)
            editor.EditOnce();
        return (editor._text, editor._edits);
    }

    private void EditOnce()
    {
        var tokens = CSharpSyntaxTree.ParseText(_text, GeneratorRun.ParseOptions).GetRoot()
            .DescendantTokens(descendIntoTrivia: true).Where(token => token.Span.Length > 0).ToArray();
        if (tokens.Length < 2)
            return;

        var (one, two) = (tokens[_random.Next(tokens.Length)], tokens[_random.Next(tokens.Length)]);
        if (one.SpanStart > two.SpanStart)
            (one, two) = (two, one);
        var position = _random.Next(_text.Length);
        switch (_random.Next(10))
        {
            case 0 or 1:
                Change("deleted", one.SpanStart, one.Span.Length, "");
                break;
            case 2 or 3:
                Change("replaced", one.SpanStart, one.Span.Length, Word());
                break;
            case 4 or 5:
                Change("inserted", one.SpanStart, 0, Word() + " ");
                break;
            case 6 when one.Span.End <= two.SpanStart:
                var between = _text[one.Span.End..two.SpanStart];
                Change("swapped", one.SpanStart, two.Span.End - one.SpanStart, two.Text + between + one.Text);
                break;
            case 7:
                Change("deleted the character", position, 1, "");
                break;
            case 8:
                Change("deleted a part", one.SpanStart, Math.Min(two.Span.End - one.SpanStart, _random.Next(200)), "");
                break;
            default:
                // Cutting the rest of the file is rare, because little would be left.
                if (_random.Next(4) == 0)
                    Change("cut the file", position, _text.Length - position, "");
                else
                    Change("inserted the character", position, 0, Extra[_random.Next(Extra.Length)]);
                break;
        }
    }

    private string Word() => _random.Next(3) == 0 ? Extra[_random.Next(Extra.Length)] : _words[_random.Next(_words.Length)];

    private void Change(string what, int start, int length, string replacement)
    {
        var line = 1 + _text.AsSpan(0, start).Count('\n');
        var old = _text.Substring(start, length);
        _edits.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: {what} '{Shortened(old)}' -> '{Shortened(replacement)}'"));
        _text = _text[..start] + replacement + _text[(start + length)..];
    }

    private static string Shortened(string text) => (text.Length <= 60 ? text : text[..60] + "…").ReplaceLineEndings("⏎");
}
