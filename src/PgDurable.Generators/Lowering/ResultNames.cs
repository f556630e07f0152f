using PgDurable.Names;

namespace PgDurable.Generators.Lowering;

/// <summary>Gives each variable a name in the database: its own in snake_case.</summary>
internal sealed class ResultNames
{
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes a name. Variables with the same name in different branches get different ones. <paramref name="clash"/> is another variable
    /// whose name is the same only in the database.
    /// </summary>
    public string Take(string variable, out string? clash)
    {
        var name = SnakeCase.From(variable);
        clash = _taken.TryGetValue(name, out var other) && other != variable ? other : null;
        for (var i = 2; _taken.ContainsKey(name); i++)
            name = $"{SnakeCase.From(variable)}_{i}";
        _taken.Add(name, variable);
        return name;
    }
}
