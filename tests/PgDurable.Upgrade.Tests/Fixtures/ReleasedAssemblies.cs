using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace PgDurable.Upgrade.Tests.Fixtures;

/// <summary>The released packages, in this process beside those of the tree: an application that was not built again.</summary>
sealed class ReleasedAssemblies : AssemblyLoadContext
{
    private static readonly ReleasedAssemblies s_released = new();

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // Everything else is shared: it is the same here and there.
        var file = Path.Combine(Release.WorkerFolder, assemblyName.Name + ".dll");
        return assemblyName.Name!.StartsWith("PgDurable.", StringComparison.Ordinal) ? LoadFromAssemblyPath(file) : null;
    }

    /// <summary>Its PgDurableSchema.InstallAsync.</summary>
    public static Task InstallAsync(NpgsqlConnection connection)
    {
        var schema = s_released.LoadFromAssemblyName(new AssemblyName("PgDurable.Sdk")).GetType(typeof(PgDurableSchema).FullName!)!;
        var install = schema.GetMethod(nameof(PgDurableSchema.InstallAsync), [typeof(NpgsqlConnection), typeof(CancellationToken)])!;
        return (Task)install.Invoke(null, [connection, CancellationToken.None])!;
    }

    /// <summary>Its worker, hosted by an application.</summary>
    public static async Task<IHost> HostAsync(string connectionString)
    {
        var worker = s_released.LoadFromAssemblyName(new AssemblyName("PgDurable.Worker"));
        var add = worker.GetExportedTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .First(method => method.Name == "AddPgDurableWorker" && method.GetParameters() is [_, { ParameterType.IsGenericType: true }]);
        var options = add.GetParameters()[1].ParameterType.GetGenericArguments()[0];
        var configure = typeof(ReleasedAssemblies).GetMethod(nameof(Configure), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(options).Invoke(null, [connectionString]);
        return await StartAsync(services => add.Invoke(null, [services, configure]));
    }

    /// <summary>Starts a host with a worker.</summary>
    public static async Task<IHost> StartAsync(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    static Action<T> Configure<T>(string connectionString) =>
        options => typeof(T).GetProperty("ConnectionString")!.SetValue(options, connectionString);
}
