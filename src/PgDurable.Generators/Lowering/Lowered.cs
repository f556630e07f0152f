using Microsoft.CodeAnalysis;
using PgDurable.Generators.Model;

namespace PgDurable.Generators.Lowering;

/// <summary>A chain of steps, lowered.</summary>
/// <param name="Node">The graph; null for a chain without steps.</param>
/// <param name="Ends">Whether nothing after it runs, because it ends with a BREAK or a FAIL, or never ends.</param>
/// <param name="Name">The name of its last step's result.</param>
/// <param name="Type">The type of its last step's result; null if it has none.</param>
/// <param name="Form">The form of its last step's result.</param>
internal readonly record struct Lowered(GraphNode? Node, bool Ends, string? Name, ITypeSymbol? Type, ResultForm Form)
{
    /// <summary>The form of the result of one of several branches. A branch without a result has no say.</summary>
    public static ResultForm FormOf(params Lowered[] branches)
    {
        var forms = branches.Where(branch => branch is { Ends: false, Type: not null }).Select(branch => branch.Form).Distinct().ToArray();
        return forms.Length > 1 ? ResultForm.Either : forms.FirstOrDefault();
    }
}
