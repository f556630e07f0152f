namespace PgDurable;

/// <summary>The steps of a workflow, in order. Every method adds one.</summary>
/// <remarks>
/// The generator reads calls to these methods while the project compiles; nothing here is ever executed. What a step returns is in an
/// <c>out</c> variable, for later steps to refer to; the variable's name in snake_case is the step's name in the database. A SQL step runs
/// exactly once: its effects and the record that it ran commit together.
/// </remarks>
public partial class Flow
{
    private protected Flow()
    {
    }
}
