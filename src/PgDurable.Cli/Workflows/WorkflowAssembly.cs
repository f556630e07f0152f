namespace PgDurable.Cli.Workflows;

/// <summary>Reads the workflows of a built application.</summary>
internal static class WorkflowAssembly
{
    private const string List = "PgDurable.PgDurableWorkflows";

    /// <summary>Returns the data to register of the named workflows, or of all if no names are given, sorted.</summary>
    /// <exception cref="UsageException">The assembly doesn't exist, or doesn't have these workflows.</exception>
    public static IReadOnlyList<Registrant> Read(FileInfo file, string[]? names) =>
        [.. Named(ReadTypes(file), file, names).Select(each => each.Registrant)];

    /// <summary>Returns all workflows, with what their types tell.</summary>
    /// <exception cref="UsageException">The assembly doesn't exist, or has no workflows.</exception>
    public static IReadOnlyList<BuiltWorkflow> ReadTypes(FileInfo file)
    {
        try
        {
            var built = BuiltAssembly.Read(file, List, all => all?.Select(Build).ToList()) ?? throw new UsageException(
                $"{file.Name} has no workflows. Its project needs a class with [Workflow] and a reference to PgDurable.Sdk.");
            return [.. Registrant.Sorted(built.Select(each => each.Registrant)).Select(each => built.Find(one => one.Registrant == each)!)];
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>Returns the workflows with these names, or all if no names are given.</summary>
    /// <exception cref="UsageException">There is no workflow with one of these names.</exception>
    public static IReadOnlyList<BuiltWorkflow> Named(IReadOnlyList<BuiltWorkflow> all, FileInfo file, string[]? names)
    {
        if (names is not { Length: > 0 })
            return all;
        if (names.FirstOrDefault(name => all.All(each => each.Registrant.Name != name)) is { } missing)
        {
            var known = string.Join(", ", all.Select(each => each.Registrant.Name).Distinct());
            throw new UsageException($"{file.Name} has no workflow '{missing}'. It has: {known}");
        }

        return [.. all.Where(each => names.Contains(each.Registrant.Name))];
    }

    private static BuiltWorkflow Build(object definition)
    {
        var registrant = new Registrant(
            BuiltAssembly.Property<string>(definition, "Name")!, BuiltAssembly.Property<int>(definition, "Version"),
            BuiltAssembly.Property<string>(definition, "GraphJson")!, BuiltAssembly.Property<string>(definition, "SqlText")!,
            BuiltAssembly.Property<string>(definition, "Description"),
            BuiltAssembly.Property<IReadOnlyList<string?>>(definition, "Sources") ?? []);
        var types = definition.GetType().GetGenericArguments();
        return new(registrant, ClrTypes.InputOf(types[0]), types.Length > 1 ? ClrTypes.ResultOf(types[1]) : []);
    }
}
