using System.Globalization;
using System.Reflection;
using System.Text;

namespace PgDurable;

/// <summary>The scripts that make the schema without the extension, or update it.</summary>
internal static class SchemaScripts
{
    private const string Begin = "SET LOCAL search_path = pg_catalog; SET LOCAL check_function_bodies = off;\n";

    private static readonly Assembly Package = typeof(SchemaScripts).Assembly;

    /// <summary>The same files as in the extension's script, in the same order, except the C functions and the operators' schema.</summary>
    public static string Install()
    {
        var files = Package.GetManifestResourceNames()
            .Where(name => name.StartsWith("sql/", StringComparison.Ordinal))
            .OrderBy(Place).ThenBy(name => name, StringComparer.Ordinal);
        var script = new StringBuilder(Begin);
        foreach (var file in files)
        {
            if (Place(file) == 3)
                script.Append("SET LOCAL search_path = df;\n");
            script.Append(Read(file));
        }
        return Complete(script.ToString(), PgDurableSchema.Version);
    }

    /// <summary>
    /// The extension's updates, one after the other, except what only the extension has; <c>null</c> if none leads from the version to this
    /// package's.
    /// </summary>
    /// <param name="from">The version that the database has.</param>
    public static string? Update(Version from)
    {
        var script = new StringBuilder(Begin);
        for (var version = from.ToString(3); version != PgDurableSchema.Version;)
        {
            var prefix = $"updates/pg_durable--{version}--";
            var file = Package.GetManifestResourceNames().SingleOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal));
            if (file is null)
                return null;
            version = file[prefix.Length..^".sql".Length];
            var portable = file.Replace("updates/", "updates/portable/", StringComparison.Ordinal);
            script.Append(Complete(Read(file) + Read(portable), version));
        }
        return script.Append("SELECT df._grant_new();\n").ToString();
    }

    private static string Complete(string script, string version)
    {
        var built = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return script.Replace("@VERSION@", version, StringComparison.Ordinal).Replace("@BUILT@", built, StringComparison.Ordinal);
    }

    private static int Place(string file) => file switch
    {
        _ when file.StartsWith("sql/portable/", StringComparison.Ordinal) => 1,
        _ when file.StartsWith("sql/functions/", StringComparison.Ordinal) => 2,
        _ when file["sql/".Length] >= '5' => 3,
        _ => 0,
    };

    private static string Read(string file)
    {
        if (Package.GetManifestResourceStream(file) is not { } stream)
            return "";
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
