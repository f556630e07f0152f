using PgDurable.Generators.Diagnostics;

namespace PgDurable.Generators.Sql;

/// <summary>Compares the columns that a statement visibly returns with those that are read from it.</summary>
internal static class SelectListCheck
{
    /// <summary>Returns the columns that are missing, or that can't be read whatever their value.</summary>
    public static IReadOnlyList<ColumnProblem> Check(SelectList list, IReadOnlyList<ExpectedColumn> expected)
    {
        if (list is { IsOpen: false, Columns.Count: 0 })
            return [.. expected.Take(1).Select(WithoutColumns)];

        var problems = new List<ColumnProblem>();
        foreach (var column in expected)
        {
            // A plain value is read from the first column, whatever its name.
            var found = column.Name.Length == 0
                ? list.Columns.FirstOrDefault()
                : list.Columns.FirstOrDefault(candidate => candidate.Name == column.Name);
            if (found is null)
            {
                if (!list.IsOpen && list.Columns.All(candidate => candidate.Name is not null))
                    problems.Add(Missing(list, column));
            }
            else if (found.Type is { } type && IsCertain(list, column) && TypeFit.Fails(type, column.Reader))
            {
                problems.Add(new(Descriptors.WrongColumnType, [found.Name ?? "1", type, column.Member, column.Type]));
            }
        }

        return problems;
    }

    // If columns have the same name, the last one is read. An open list may have another first column.
    private static bool IsCertain(SelectList list, ExpectedColumn column) => column.Name.Length == 0
        ? !list.IsOpen
        : !list.IsOpen && list.Columns.Count(candidate => candidate.Name is null || candidate.Name == column.Name) == 1;

    private static ColumnProblem WithoutColumns(ExpectedColumn column) => new(
        Descriptors.MissingColumn, [column.Member, "returns no columns", "add SELECT or RETURNING, or use Execute"]);

    private static ColumnProblem Missing(SelectList list, ExpectedColumn column) => new(
        Descriptors.MissingColumn,
        [
            column.Member, $"returns no column '{column.Name}', only {string.Join(", ", list.Columns.Select(candidate => candidate.Name))}",
            $"write '… AS {column.Name}' in the SQL, or name the property's column with [Column]",
        ]);
}
