using System.Collections;
using System.Reflection;
using System.Runtime.Loader;

namespace PgDurable.Cli.Workflows;

/// <summary>Reads the workflows of a built application.</summary>
/// <remarks>
/// The application brings its own PgDurable.Sdk, of whatever version, so its definitions are read by the names of their properties. Nothing of the application
/// runs but the initialisers of its definitions.
/// </remarks>
internal static class WorkflowAssembly
{
    private const string Registry = "PgDurable.PgDurableWorkflows";

    /// <summary>The workflows, sorted; those of the given names only, if any are given.</summary>
    /// <exception cref="UsageException">There is no such assembly, it has no workflows, or not those.</exception>
    public static IReadOnlyList<Registrant> Read(FileInfo file, string[]? names)
    {
        if (!file.Exists)
            throw new UsageException($"There is no file {file.FullName}. Build the project first.");
        IReadOnlyList<Registrant> all;
        try
        {
            all = Registrant.Sorted(All(file.FullName));
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or FileNotFoundException or ReflectionTypeLoadException
            or TargetInvocationException or TypeLoadException)
        {
            throw new UsageException($"{file.Name} can't be read: {(error.InnerException ?? error).Message}");
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }

        if (names is not { Length: > 0 })
            return all;
        if (names.FirstOrDefault(name => all.All(each => each.Name != name)) is { } missing)
            throw new UsageException($"{file.Name} has no workflow '{missing}'. It has: {string.Join(", ", all.Select(each => each.Name).Distinct())}");
        return [.. all.Where(each => names.Contains(each.Name))];
    }

    private static IEnumerable<Registrant> All(string path)
    {
        var assembly = new ApplicationContext(path).LoadFromAssemblyPath(path);
        var all = assembly.GetType(Registry)?.GetProperty("All", BindingFlags.Public | BindingFlags.Static)
            ?? throw new UsageException($"{Path.GetFileName(path)} has no workflows: its project has no class with [Workflow], or no reference to PgDurable.Sdk.");
        foreach (var definition in (IEnumerable)all.GetValue(null)!)
        {
            yield return new(
                Property<string>(definition, "Name")!, Property<int>(definition, "Version"), Property<string>(definition, "GraphJson")!,
                Property<string>(definition, "SqlText")!, Property<string>(definition, "Description"),
                Property<IReadOnlyList<string?>>(definition, "Sources") ?? []);
        }
    }

    private static T? Property<T>(object definition, string name) => (T?)definition.GetType().GetProperty(name)?.GetValue(definition);

    private sealed class ApplicationContext(string path) : AssemblyLoadContext(Path.GetFileName(path), isCollectible: false)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
    }
}
