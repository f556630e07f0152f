namespace PgDurable.TestKit;

/// <summary>The folder that holds the solution.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "PgDurable.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"PgDurable.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
