namespace PgDurable.Cli.Prepare;

/// <summary>Says how two descriptions of a statement differ.</summary>
internal static class StatementDrift
{
    /// <summary>Returns each difference; empty if there is none.</summary>
    public static IEnumerable<string> Between(StatementEntry old, StatementEntry now)
    {
        if (old.Agrees(now))
            return [];
        if (now.Error is { } error)
            return [$"PostgreSQL {(old.Error is null ? "doesn't accept it any more" : "gives another error")}: {error.Message}"];
        if (now.NotDescribed is { } reason)
            return [$"it can't be described any more: {reason}"];
        if (old.Error is not null || old.NotDescribed is not null)
            return ["PostgreSQL accepts it now"];

        var (oldColumns, newColumns) = (Numbered(old.Columns!, each => each.Name), Numbered(now.Columns!, each => each.Name));
        var changes = Compare(
            "column", oldColumns, newColumns, column => column.Type,
            (was, column) => was.Nullable == column.Nullable ? null : $"{Null(was.Nullable)} and {Null(column.Nullable)} now")
            .Concat(Compare(
                "parameter", Numbered(old.Parameters!, each => each.Name), Numbered(now.Parameters!, each => each.Name), each => each.Type,
                (_, _) => null))
            .ToList();
        return changes.Count > 0 ? changes : ["its columns or parameters have another order"];
    }

    private static IEnumerable<string> Compare<T>(
        string noun, Dictionary<(string Name, int Number), T> old, Dictionary<(string Name, int Number), T> now, Func<T, string> typeOf,
        Func<T, T, string?> compare)
    {
        foreach (var (key, was) in old)
        {
            if (!now.TryGetValue(key, out var found))
                yield return $"{noun} '{key.Name}' ({typeOf(was)}) is gone";
            else if (typeOf(was) != typeOf(found))
                yield return $"{noun} '{key.Name}' was {typeOf(was)} and is {typeOf(found)} now";
            else if (compare(was, found) is { } change)
                yield return $"{noun} '{key.Name}' {change}";
        }

        foreach (var (key, found) in now.Where(each => !old.ContainsKey(each.Key)))
            yield return $"{noun} '{key.Name}' ({typeOf(found)}) is new";
    }

    // Several columns may have the same name.
    private static Dictionary<(string Name, int Number), T> Numbered<T>(IEnumerable<T> items, Func<T, string> nameOf) => items
        .GroupBy(nameOf, StringComparer.Ordinal)
        .SelectMany(group => group.Select((item, i) => (Key: (group.Key, i), item)))
        .ToDictionary(each => each.Key, each => each.item);

    private static string Null(bool? nullable) => nullable switch
    {
        true => "may be NULL",
        false => "is never NULL",
        null => "has unknown nullability",
    };
}
