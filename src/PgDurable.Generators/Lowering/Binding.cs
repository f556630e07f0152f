using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <summary>What a variable or parameter of <c>Define</c>, or a part of it, stands for when the workflow runs.</summary>
internal abstract record Binding
{
    private Binding()
    {
    }

    /// <summary>The C# type; null if it isn't known.</summary>
    public abstract ITypeSymbol? CSharpType { get; }

    /// <summary>The flow that the steps are added to.</summary>
    public sealed record Steps(ITypeSymbol Type) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>What an invalid step would have returned.</summary>
    public sealed record Unknown : Binding
    {
        public override ITypeSymbol? CSharpType => null;
    }

    /// <summary>The workflow's input.</summary>
    public sealed record Input(ITypeSymbol Type) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>The first row of a result, or its only value.</summary>
    /// <param name="Name">The result's name.</param>
    /// <param name="Type">The type of the row.</param>
    /// <param name="MayBeMissing">Whether there may be no row.</param>
    public sealed record Row(string Name, ITypeSymbol Type, bool MayBeMissing) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;

        /// <summary>Whether it may also be plain JSON, which depends on the branch that ran.</summary>
        public bool MayBeJson { get; init; }

        /// <summary>Whether the author asserts that there is a row, though there may be none.</summary>
        public bool IsAsserted { get; init; }
    }

    /// <summary>All rows of a result.</summary>
    public sealed record Rows(string Name, INamedTypeSymbol Type) : Binding
    {
        public ITypeSymbol Element => Type.TypeArguments[0];

        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>The running instance.</summary>
    public sealed record Instance(ITypeSymbol Type) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>The outcome of a wait for a signal.</summary>
    public sealed record Signal(string Name, INamedTypeSymbol Type) : Binding
    {
        public ITypeSymbol Payload => Type.TypeArguments[0];

        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>The reply to a request.</summary>
    public sealed record Reply(string Name, INamedTypeSymbol Type) : Binding
    {
        public ITypeSymbol Json => Type.TypeArguments[0];

        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>Why the body of a TRY failed.</summary>
    public sealed record Error(ITypeSymbol Type) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>The parameter of a fragment: what the caller passed.</summary>
    public sealed record Alias(ExpressionSyntax Expression, Scope Scope, ITypeSymbol Type) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;
    }

    /// <summary>One value, named by a reference and possibly a path into its JSON.</summary>
    /// <param name="Reference">The reference, without a question mark: <c>$order.total</c>.</param>
    /// <param name="Type">The C# type.</param>
    /// <param name="MayBeNull">Whether NULL is allowed.</param>
    /// <param name="Form">The form that the reference takes in SQL.</param>
    public sealed record Value(string Reference, ITypeSymbol Type, bool MayBeNull, ValueForm Form) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;

        /// <summary>Whether the author asserts that there is a value, though there may be none.</summary>
        public bool IsAsserted { get; init; }

        /// <summary>The C# expression that fails if there is no value, such as <c>order.Amount.Value</c>.</summary>
        public string? Demanded { get; init; }

        /// <summary>The result's name, if this is a whole result or a part that <see cref="Path"/> leads to.</summary>
        public string? Result { get; init; }

        /// <summary>Whether it is a whole result.</summary>
        public bool IsWhole => Result is not null && Path.Count == 0;

        /// <summary>Whether the reference is a column that C# reads as an array: a SQL array, or JSON.</summary>
        public bool IsArrayColumn { get; init; }

        /// <summary>The path into the JSON: names and numbers, written as SQL.</summary>
        public IReadOnlyList<string> Path { get; init; } = [];

        /// <summary>Whether the reference alone is the value.</summary>
        public bool IsPlain => Path.Count == 0 && Form != ValueForm.JsonText;
    }

    /// <summary>A value that only SQL can express.</summary>
    public sealed record Computed(string Sql, ITypeSymbol Type) : Binding
    {
        public override ITypeSymbol? CSharpType => Type;
    }
}
