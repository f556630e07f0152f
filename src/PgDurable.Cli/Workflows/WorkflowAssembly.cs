using System.Collections;
using System.Reflection;
using System.Runtime.Loader;

namespace PgDurable.Cli.Workflows;

/// <summary>Reads the workflows of a built application.</summary>
/// <remarks>
/// The application brings its own PgDurable.Sdk, in any version, so its definitions are read by the names of their properties. Only the
/// initializers of the definitions run, and no other code of the application.
/// </remarks>
internal static class WorkflowAssembly
{
    private const string Registry = "PgDurable.PgDurableWorkflows";

    /// <summary>Returns the data to register of the named workflows, or of all if no names are given, sorted.</summary>
    /// <exception cref="UsageException">The assembly doesn't exist, or doesn't have these workflows.</exception>
    public static IReadOnlyList<Registrant> Read(FileInfo file, string[]? names) =>
        [.. ReadTypes(file, names).Select(each => each.Registrant)];

    /// <summary>Returns the same workflows, with what their types tell.</summary>
    /// <exception cref="UsageException">The assembly doesn't exist, or doesn't have these workflows.</exception>
    public static IReadOnlyList<BuiltWorkflow> ReadTypes(FileInfo file, string[]? names)
    {
        if (!file.Exists)
            throw new UsageException($"The file {file.FullName} doesn't exist. Build the project first.");
        IReadOnlyList<BuiltWorkflow> all;
        try
        {
            var built = All(file.FullName).ToList();
            all = [.. Registrant.Sorted(built.Select(each => each.Registrant)).Select(each => built.Find(one => one.Registrant == each)!)];
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or FileNotFoundException
            or ReflectionTypeLoadException or TargetInvocationException or TypeLoadException)
        {
            throw new UsageException($"{file.Name} can't be read: {(error.InnerException ?? error).Message}");
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }

        if (names is not { Length: > 0 })
            return all;
        if (names.FirstOrDefault(name => all.All(each => each.Registrant.Name != name)) is { } missing)
        {
            var known = string.Join(", ", all.Select(each => each.Registrant.Name).Distinct());
            throw new UsageException($"{file.Name} has no workflow '{missing}'. It has: {known}");
        }

        return [.. all.Where(each => names.Contains(each.Registrant.Name))];
    }

    private static IEnumerable<BuiltWorkflow> All(string path)
    {
        var assembly = new ApplicationContext(path).LoadFromAssemblyPath(path);
        var all = assembly.GetType(Registry)?.GetProperty("All", BindingFlags.Public | BindingFlags.Static)
            ?? throw new UsageException(
                $"{Path.GetFileName(path)} has no workflows. Its project needs a class with [Workflow] and a reference to PgDurable.Sdk.");
        foreach (var definition in (IEnumerable)all.GetValue(null)!)
        {
            var registrant = new Registrant(
                Property<string>(definition, "Name")!, Property<int>(definition, "Version"), Property<string>(definition, "GraphJson")!,
                Property<string>(definition, "SqlText")!, Property<string>(definition, "Description"),
                Property<IReadOnlyList<string?>>(definition, "Sources") ?? []);
            var types = definition.GetType().GetGenericArguments();
            yield return new(registrant, ClrTypes.InputOf(types[0]), types.Length > 1 ? ClrTypes.ResultOf(types[1]) : []);
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
