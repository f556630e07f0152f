using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>What variables stand for.</summary>
internal sealed partial class FlowLowering
{
    /// <summary>Binds the variable of an <c>out</c> argument and returns the name of the result; null for a discard.</summary>
    private string? Bind(ArgumentSyntax argument, ITypeSymbol type, string? known = null)
    {
        if (VariableOf(argument) is not { } variable)
            return null;
        // A step of a loop's body may change a variable from outside of it.
        var name = argument.Expression is DeclarationExpressionSyntax ? known ?? NameOf(variable, argument) : NameOfKnown(variable) ?? known ?? NameOf(variable, argument);
        flow.Bindings[variable] = Binding(name, type);
        return name;
    }

    private static Binding Binding(string name, ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { TypeArguments: [var element] } when type.IsInSdk(WellKnownNames.Rows) => new Binding.Rows(name, element),
        INamedTypeSymbol { TypeArguments: [var payload] } when type.IsInSdk("Signal") => new Binding.Signal(name, payload),
        INamedTypeSymbol { TypeArguments: [var json] } when type.IsInSdk("HttpReply") => new Binding.Reply(name, json),
        INamedTypeSymbol { Name: "IReadOnlyList", TypeArguments: [var element] } => new Binding.Rows(name, element),
        _ => new Binding.Row(name, type, type.MayBeNull()),
    };

    private ISymbol? VariableOf(ArgumentSyntax argument) => argument.Expression switch
    {
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax variable } => model.GetDeclaredSymbol(variable, flow.Cancellation),
        DeclarationExpressionSyntax => null,
        IdentifierNameSyntax { Identifier.ValueText: "_" } discard when SymbolOf(discard) is IDiscardSymbol or null => null,
        var other => SymbolOf(other),
    };

    private string? NameOfKnown(ISymbol variable) => flow.Bindings.TryGetValue(variable, out var binding)
        ? binding switch
        {
            Binding.Row row => row.Name,
            Binding.Rows rows => rows.Name,
            Binding.Signal signal => signal.Name,
            Binding.Reply reply => reply.Name,
            _ => null,
        }
        : null;

    private string NameOf(ISymbol variable, SyntaxNode place)
    {
        var location = place is ArgumentSyntax { Expression: DeclarationExpressionSyntax { Designation: var designation } }
            ? designation.GetLocation()
            : place.GetLocation();
        var name = SnakeCase.From(variable.Name);
        if (name == WellKnownNames.Input)
            flow.Reporter.Report(Descriptors.InvalidStepName, location, variable.Name, "steps know the workflow's input by that name");
        else if (name == "error")
            flow.Reporter.Report(Descriptors.InvalidStepName, location, variable.Name, "a Try's handler knows the error by that name");
        else if (!SnakeCase.IsReferable(name))
            flow.Reporter.Report(Descriptors.InvalidStepName, location, variable.Name, "use the letters a to z, digits and underscores");
        var taken = flow.Names.Take(variable.Name, out var clash);
        if (clash is not null)
            flow.Reporter.Report(Descriptors.DuplicateStep, location, name);
        return taken;
    }

    /// <summary>Names what a branch ends with, unless its last step has a name that will do.</summary>
    private void NameResult(Lowered branch, ArgumentSyntax argument, ITypeSymbol type)
    {
        var name = Bind(argument, type, branch.Name);
        if (name is not null && branch.Name is null)
            branch.Node!.Name = name;
    }
}
