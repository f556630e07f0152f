namespace PgDurable.Generators.Lowering;

/// <summary>A variable or parameter of <c>Define</c> or of a part of it.</summary>
internal sealed class Variable(string name, Binding binding)
{
    public string Name => name;

    /// <summary>What it stands for. A step in a loop's body may change it.</summary>
    public Binding Binding { get; set; } = binding;
}
