namespace PgDurable;

/// <summary>The steps of a workflow, in order. Each method adds a step.</summary>
/// <remarks>
/// The generator reads calls to these methods at compile time; they are never executed. An <c>out</c> variable holds a step's result, so
/// that later steps can refer to it. The step's name in the database is the variable's name in snake_case. A SQL step runs exactly once:
/// its effects and the record of its completion commit together.
/// </remarks>
public partial class Flow
{
    // The compiler binds a lambda again for each overload that it may belong to, and so a nested one twice as often with each level. It
    // binds it once for two overloads if the first one has a result, whose type it infers from the lambda, and if the lambda's type has no
    // nullable annotations. So the forms with a result stand first, and their files are without annotations. NestingTests guards this.
    private protected Flow()
    {
    }

    /// <summary>The running instance: its id, label and start time, as values for later steps.</summary>
    public FlowInstance Instance => throw DefinitionOnly.Error();
}
