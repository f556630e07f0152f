using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Docs.Tests;

/// <summary>A block of C#, or a part of one: a chain of steps, types, a program, members or statements, as its syntax says.</summary>
/// <param name="Code">What stands on the page.</param>
/// <param name="Line">Where it begins.</param>
internal sealed record CSharpPiece(string Code, int Line)
{
    static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    bool IsChain => Code.TrimStart().StartsWith('.');

    /// <summary>Whether it is a whole program: statements with their usings, or with types behind them.</summary>
    public bool IsProgram => !File.ContainsDiagnostics && File.Members.OfType<GlobalStatementSyntax>().Any()
        && (File.Usings.Count > 0 || File.Members.Any(member => member is BaseTypeDeclarationSyntax));

    CompilationUnitSyntax File => SyntaxFactory.ParseCompilationUnit(Code, options: Options);

    bool IsTypes => !File.ContainsDiagnostics && File.Members.Count > 0 && File.Members.All(member => member is BaseTypeDeclarationSyntax);

    TypeDeclarationSyntax Class =>
        (TypeDeclarationSyntax)SyntaxFactory.ParseCompilationUnit($"class C\n{{\n{Code}\n}}", options: Options).Members[0];

    bool IsMembers => !Class.SyntaxTree.GetRoot().ContainsDiagnostics && Class.Parent!.ChildNodes().Count() == 1
        && Class.Members.All(member => member is MethodDeclarationSyntax or PropertyDeclarationSyntax or BaseTypeDeclarationSyntax);

    /// <summary>The pieces of a block. A comment after an empty line begins a piece, if the block is not of one kind.</summary>
    public static IEnumerable<CSharpPiece> Of(CodeBlock block)
    {
        // The fence is above the first line.
        var whole = new CSharpPiece(block.Text, block.Line + (block.Language.Length > 0 ? 1 : 0));
        if (whole.IsChain || whole.IsTypes || whole.IsProgram || whole.IsMembers
            || !block.Text.Contains("\n\n// in ", StringComparison.Ordinal))
            return [whole];
        var line = whole.Line;
        var pieces = new List<CSharpPiece>();
        foreach (var text in Regex.Split(block.Text, "\n\n(?=// in )"))
        {
            var heading = text.StartsWith("// in ", StringComparison.Ordinal) ? text.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
            pieces.Add(new(text[heading..], line + Math.Min(heading, 1)));
            line += text.Count(c => c == '\n') + 2;
        }

        return pieces;
    }

    /// <summary>The piece as a file of a project.</summary>
    /// <param name="page">The page that errors are to name.</param>
    /// <param name="setting">
    /// What the page's prelude says: the input of workflows (<c>input</c>), the steps before a chain (<c>before</c>), the base class of
    /// members (<c>base</c>).
    /// </param>
    public string Wrap(string page, Func<string, string?> setting)
    {
        var code = Marked(Code);
        if (!IsChain && (IsTypes || IsProgram))
            return code;
        var input = setting("input") ?? "Input";
        if (IsChain)
            return Workflow("", $"public static Flow Define(Flow flow, {input} input) => flow{setting("before")}{code};");
        if (!IsMembers)
            return $"public class Block{Line} : Prelude {{ public async System.Threading.Tasks.Task RunAsync() {{{Marked(Scoped())}}} }}";
        var define = Class.Members.OfType<MethodDeclarationSyntax>().FirstOrDefault(method => method.Identifier.Text == "Define");
        if (define is not null)
        {
            var result = define.ReturnType is GenericNameSyntax { TypeArgumentList.Arguments: [var type] } ? $", {type}" : "";
            return Workflow(result, code);
        }

        var isStatic = Class.Members.OfType<MethodDeclarationSyntax>().Any(method => method.ParameterList.Parameters is [var first, ..]
            && first.Modifiers.Any(SyntaxKind.ThisKeyword));
        return isStatic
            ? $"public static partial class Block{Line} {{{code}}}"
            : $"public partial class Block{Line} : {setting("base") ?? "object"} {{{code}}}";

        string Marked(string text) => $"\n#line {Line} \"{page}\"\n{text}\n#line default\n";

        string Workflow(string result, string members) =>
            $"[Workflow(\"block-{Line}\")] public sealed partial class Block{Line} : IWorkflow<{input}{result}> {{ {members} }}";
    }

    // Alternatives, each of which declares the same variable, get a scope of their own.
    string Scoped()
    {
        var statements = ((BlockSyntax)SyntaxFactory.ParseStatement($"{{{Code}\n}}", options: Options)).Statements;
        var names = statements.OfType<LocalDeclarationStatementSyntax>().SelectMany(statement => statement.Declaration.Variables)
            .Select(variable => variable.Identifier.Text).ToList();
        return names.Distinct().Count() == names.Count
            ? Code
            : string.Concat(statements.Select(statement =>
                $"{statement.GetLeadingTrivia().ToFullString()}{{ {statement} }}{statement.GetTrailingTrivia().ToFullString()}"));
    }
}
