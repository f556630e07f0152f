namespace PgDurable.Generators.Lowering;

/// <summary>The form of a step's result.</summary>
internal enum ResultForm
{
    /// <summary>The rows of a statement.</summary>
    Rows,

    /// <summary>Plain JSON: what an activity returns.</summary>
    Json,

    /// <summary>One or the other: the result of branches that differ.</summary>
    Either,
}
