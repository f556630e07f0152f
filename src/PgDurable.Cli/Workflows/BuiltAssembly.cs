using System.Collections;
using System.Reflection;
using System.Runtime.Loader;

namespace PgDurable.Cli.Workflows;

/// <summary>Reads the lists that the generator adds to a built application.</summary>
/// <remarks>
/// The application brings its own PgDurable.Sdk, in any version, so its definitions are read by the names of their properties. Only the
/// initializers of the definitions run, and no other code of the application.
/// </remarks>
internal static class BuiltAssembly
{
    /// <summary>Reads the definitions in a list, or null if the assembly has no such list.</summary>
    /// <param name="file">The assembly.</param>
    /// <param name="list">The full name of the class whose property <c>All</c> is the list.</param>
    /// <param name="read">Reads the definitions.</param>
    /// <exception cref="UsageException">The assembly doesn't exist or can't be read.</exception>
    public static T Read<T>(FileInfo file, string list, Func<IEnumerable<object>?, T> read)
    {
        if (!file.Exists)
            throw new UsageException($"The file {file.FullName} doesn't exist. Build the project first.");
        try
        {
            var assembly = new ApplicationContext(file.FullName).LoadFromAssemblyPath(file.FullName);
            var all = assembly.GetType(list)?.GetProperty("All", BindingFlags.Public | BindingFlags.Static);
            return read(((IEnumerable?)all?.GetValue(null))?.Cast<object>());
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or FileNotFoundException
            or ReflectionTypeLoadException or TargetInvocationException or TypeLoadException)
        {
            throw new UsageException($"{file.Name} can't be read: {(error.InnerException ?? error).Message}");
        }
    }

    /// <summary>Returns the value of a definition's property.</summary>
    public static T? Property<T>(object definition, string name) => (T?)definition.GetType().GetProperty(name)?.GetValue(definition);

    private sealed class ApplicationContext(string path) : AssemblyLoadContext(Path.GetFileName(path), isCollectible: false)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
    }
}
