using Npgsql;

namespace PgDurable;

/// <summary>What the client and the activities ask of an application's data source.</summary>
internal static class DataSources
{
    /// <summary>The data source, or an error that says how to register it.</summary>
    /// <param name="dataSource">What the application has registered.</param>
    /// <param name="what">What is missing otherwise: <c>NpgsqlDataSource with key 'x'</c>.</param>
    public static NpgsqlDataSource Required(NpgsqlDataSource? dataSource, string what) => dataSource ?? throw new InvalidOperationException(
        $"The application has no {what}. Register it with AddNpgsqlDataSource (package Npgsql.DependencyInjection) or as a singleton.");

    /// <summary>Whether connections keep their server sessions, so that they can listen and prepare statements.</summary>
    public static bool KeepsSession(NpgsqlDataSource dataSource)
    {
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        return !settings.NoResetOnClose && !settings.Multiplexing;
    }
}
