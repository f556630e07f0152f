namespace PgDurable.Upgrade.Tests.Fixtures;

/// <summary>
/// A server's files in a folder of the test's own, in which it may replace those of pg_durable. PostgreSQL finds its folders relative to
/// its programs, so it runs from anywhere.
/// </summary>
sealed class ServerFiles : IDisposable
{
    readonly string _root;
    readonly string _library = Release.PgConfig("--pkglibdir"), _scripts = Path.Combine(Release.PgConfig("--sharedir"), "extension");

    ServerFiles(string root) => _root = root;

    /// <summary>The copy's pg_config.</summary>
    public string PgConfig => _root + Path.Combine(Release.PgConfig("--bindir"), "pg_config");

    /// <summary>A copy that has the released version of pg_durable.</summary>
    public static ServerFiles WithRelease()
    {
        var root = Path.Combine(Path.GetTempPath(), "pgd-server-" + Guid.NewGuid().ToString("N")[..12]);
        // The programs must be files: a server follows links to where it comes from.
        Copy(root, Release.PgConfig("--bindir"), "-r");
        Copy(root, Release.PgConfig("--pkglibdir"), "-rs");
        Copy(root, Release.PgConfig("--sharedir"), "-rs");
        var files = new ServerFiles(root);
        files.InstallRelease();
        return files;
    }

    /// <summary>The copy's folder of extension scripts.</summary>
    public string Scripts => _root + _scripts;

    void InstallRelease()
    {
        Remove();
        File.Copy(Path.Combine(Release.Folder, "pg_durable.so"), Path.Combine(_root + _library, "pg_durable.so"));
        File.Copy(Path.Combine(Release.Folder, "pg_durable.control"), Path.Combine(Scripts, "pg_durable.control"));
        var script = $"pg_durable--{Release.Version}.sql";
        File.Copy(Path.Combine(RepositoryRoot.Path, "src", "PgDurable.Extension", "updates", script), Path.Combine(Scripts, script));

        // The process itself becomes the worker, as if it were the self-contained one.
        var worker = Path.Combine(_root + _library, "pg_durable_worker");
        File.WriteAllText(worker, $"""
            #!/bin/sh
            exec "{Environment.ProcessPath}" "{Release.WorkerFolder}/PgDurable.Worker.dll"

            """);
        Release.Run("chmod", "755", worker);
    }

    /// <summary>Replaces the files by those of the tree, as a package does: whoever has one of them open keeps the old one.</summary>
    public void InstallTree()
    {
        Remove();
        Link(_library);
        Link(_scripts);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    void Remove()
    {
        foreach (var folder in (string[])[_library, _scripts])
            foreach (var file in Directory.EnumerateFiles(_root + folder, "pg_durable*").ToList())
                File.Delete(file);
    }

    void Link(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "pg_durable*"))
            File.CreateSymbolicLink(_root + file, file);
    }

    static void Copy(string root, string folder, string how)
    {
        Release.Run("mkdir", "-p", root + Path.GetDirectoryName(folder));
        Release.Run("cp", how, folder, root + Path.GetDirectoryName(folder));
        Release.Run("chmod", "755", root);
    }
}
