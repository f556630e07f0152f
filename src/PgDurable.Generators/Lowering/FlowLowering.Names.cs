using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;
using PgDurable.Names;

namespace PgDurable.Generators.Lowering;

/// <summary>What variables stand for.</summary>
internal sealed partial class FlowLowering
{
    /// <summary>Binds the variable of an <c>out</c> argument and returns the name of the result; null for a discard.</summary>
    private string? Bind(ArgumentSyntax argument, ITypeSymbol? type, string? known = null, ResultForm form = ResultForm.Rows)
    {
        if (NameOf(argument) is not { } variable)
            return null;
        // A step in a loop's body may rebind a variable from outside.
        var rebound = argument.Expression is DeclarationExpressionSyntax ? null : NameOfKnown(variable);
        var name = rebound ?? known ?? NameOf(variable, argument);
        var existing = argument.Expression is IdentifierNameSyntax ? scope.Find(variable) : null;
        // Without an iteration, the variable still has what it had before the loop.
        if (rebound is not null && existing is not null && FormOf(existing.Binding) != form)
            form = ResultForm.Either;
        if (existing is not null)
            Assign(existing, argument);
        var binding = type is null ? new Binding.Unknown() : Binding(name, type, form);
        if (binding is Binding.Unknown && type is not null)
        {
            flow.Reporter.Report(
                Descriptors.Setting, argument.GetLocation(), argument,
                "it would stand for rows or for an activity's JSON, which only a single value or a record that isn't null can; " +
                "let all branches return the same");
        }

        if (existing is not null)
            existing.Binding = binding;
        else
            scope.Declare(variable, binding);
        return name;
    }

    private void Assign(Variable variable, ArgumentSyntax argument)
    {
        foreach (var loop in flow.Loops)
            loop.Assigned.Add(variable);
        if (scope.Lost(variable.Name) is { } instead)
            flow.Reporter.Report(Descriptors.LostValue, argument.GetLocation(), variable.Name, instead);
    }

    /// <summary>What a name stands for; unknown if SQL has no form for it that fits rows as well as JSON.</summary>
    private static Binding Binding(string name, ITypeSymbol type, ResultForm form) => form switch
    {
        ResultForm.Rows => OfRows(name, type),
        ResultForm.Json => new Binding.Value("$" + name, type, type.MayBeNull(), ValueForm.Json) { Result = name },
        _ when TypeParser.IsRecord(type) && !type.MayBeNull() => new Binding.Row(name, type, MayBeMissing: false) { MayBeJson = true },
        _ when !SqlType.IsComposite(type) => new Binding.Value("$" + name, type, type.MayBeNull(), ValueForm.Either) { Result = name },
        _ => new Binding.Unknown(),
    };

    private static ResultForm FormOf(Binding binding) => binding switch
    {
        Binding.Row { MayBeJson: true } => ResultForm.Either,
        Binding.Value value => value.Form == ValueForm.Json ? ResultForm.Json : ResultForm.Either,
        _ => ResultForm.Rows,
    };

    private static Binding OfRows(string name, ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { TypeArguments.Length: 1 } rows when type.IsInSdk(WellKnownNames.Rows) => new Binding.Rows(name, rows),
        INamedTypeSymbol { TypeArguments.Length: 1 } signal when type.IsInSdk("Signal") => new Binding.Signal(name, signal),
        INamedTypeSymbol { TypeArguments.Length: 1 } reply when type.IsInSdk("HttpReply") => new Binding.Reply(name, reply),
        INamedTypeSymbol { Name: "IReadOnlyList", TypeArguments.Length: 1 } list => new Binding.Rows(name, list),
        _ => new Binding.Row(name, type, type.MayBeNull()),
    };

    // The variable's name; null for a discard.
    private static string? NameOf(ArgumentSyntax argument) => argument.Expression switch
    {
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax variable } => variable.Identifier.ValueText,
        IdentifierNameSyntax { Identifier.ValueText: not "_" and var name } => name,
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        _ => null,
    };

    private string? NameOfKnown(string variable) => scope.Find(variable)?.Binding switch
    {
        Binding.Row row => row.Name,
        Binding.Rows rows => rows.Name,
        Binding.Signal signal => signal.Name,
        Binding.Reply reply => reply.Name,
        Binding.Value value => value.Result,
        _ => null,
    };

    private string NameOf(string variable, SyntaxNode place)
    {
        var location = place is ArgumentSyntax { Expression: DeclarationExpressionSyntax { Designation: var designation } }
            ? designation.GetLocation()
            : place.GetLocation();
        var name = SnakeCase.From(variable);
        if (name == WellKnownNames.Input)
            flow.Reporter.Report(Descriptors.InvalidStepName, location, variable, "the name is reserved for the workflow's input");
        else if (name == "error")
            flow.Reporter.Report(Descriptors.InvalidStepName, location, variable, "the name is reserved for the error in a Try's handler");
        else if (!SnakeCase.IsReferable(name))
            flow.Reporter.Report(Descriptors.InvalidStepName, location, variable, "use only the letters a to z, digits and underscores");
        var taken = flow.Names.Take(variable, out var clash);
        if (clash is not null)
            flow.Reporter.Report(Descriptors.DuplicateStep, location, name);
        return taken;
    }

    /// <summary>Names the result of a branch, unless its last step already has a name.</summary>
    private void NameResult(Lowered branch, ArgumentSyntax argument, ITypeSymbol? type)
    {
        var name = Bind(argument, type, branch.Name, branch.Form);
        if (name is not null && branch.Name is null)
            branch.Node!.Name = name;
    }
}
