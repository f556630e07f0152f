using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>
    /// Runs branches at the same time and waits for all of them. The result is an array of their results. In SQL: <c>a &amp; b</c>.
    /// </summary>
    /// <param name="branches">Two or more.</param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public static DfNode Join(params ReadOnlySpan<DfNode> branches) => Branches(NodeKind.Join, branches);

    /// <summary>Runs branches at the same time. The first to end decides, and the others are stopped. In SQL: <c>a | b</c>.</summary>
    /// <param name="branches">Two or more.</param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public static DfNode Race(params ReadOnlySpan<DfNode> branches) => Branches(NodeKind.Race, branches);

    /// <summary>
    /// Runs the body once for each row of a named result. The result is an array of the results of all bodies, in row order.
    /// </summary>
    /// <param name="rows">The name of the result; <c>input</c> is allowed.</param>
    /// <param name="body">Runs for each row, which it reads as <c>$item.column</c>.</param>
    /// <param name="itemName">The name of the row if not <c>item</c>. It can't be <c>input</c>.</param>
    /// <param name="maxParallel">How many bodies run at the same time, from 1 to 1000. Null means 10.</param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">A name is invalid, or the number is out of range.</exception>
    public static DfNode ForEach(string rows, DfNode body, string itemName = Defaults.ItemName, int? maxParallel = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(itemName);
        return Composition.Node(Composer<DfNode>.ForEach(rows, body, itemName, maxParallel));
    }

    private static DfNode Branches(NodeKind kind, ReadOnlySpan<DfNode> branches)
    {
        if (branches.Length < 2)
            throw new ArgumentException($"df.{NodeKinds.Name(kind).ToLowerInvariant()} needs at least two branches");
        foreach (var branch in branches)
            ArgumentNullException.ThrowIfNull(branch, nameof(branches));
        return Composition.Node(Composer<DfNode>.Branches(kind, branches.ToArray()));
    }
}
