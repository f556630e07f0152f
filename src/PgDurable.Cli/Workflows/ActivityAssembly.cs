namespace PgDurable.Cli.Workflows;

/// <summary>Reads the activities of a built application.</summary>
internal static class ActivityAssembly
{
    private const string List = "PgDurable.PgDurableActivities";

    /// <summary>Returns the names of the activities that an assembly implements. It may have none.</summary>
    /// <exception cref="UsageException">The assembly doesn't exist or can't be read.</exception>
    public static IReadOnlyList<string> Read(FileInfo file) => BuiltAssembly.Read<IReadOnlyList<string>>(
        file, List, all => [.. (all ?? []).Select(each => BuiltAssembly.Property<string>(each, "Name")!)]);

    /// <summary>Returns the same names of an assembly that must have some.</summary>
    /// <exception cref="UsageException">The assembly doesn't exist, can't be read, or has no activities.</exception>
    public static IReadOnlyList<string> ReadSome(FileInfo file) => Read(file) is { Count: > 0 } some
        ? some
        : throw new UsageException(
            $"{file.Name} has no activities. Its project needs a class with [Activity] and a reference to PgDurable.Sdk.");
}
