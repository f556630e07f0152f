using PgDurable.TestKit;

namespace PgDurable.Architecture.Tests;

/// <summary>The repository's files.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Path;

    public static string Source(string project) => Path.Combine(Root, "src", project);

    /// <summary>The files below a folder with one of the extensions, without what a build leaves there.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal))
            .Where(file => !Path.GetRelativePath(Root, file).Split('/').Any(part => part is "obj" or "bin" or "artifacts" or ".git"))
            .Order(StringComparer.Ordinal);
}
