using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace PgDurable.Sdk.Tests.Activities;

public class RegistrationTests
{
    [Fact]
    public void AddPgDurableActivities_Twice_AddsUpInOneService()
    {
        var (a, b) = (TestActivities.Named("a"), TestActivities.Named("b"));
        var services = new ServiceCollection().AddSingleton(DataSource())
            .AddPgDurableActivities([a], options => options.MaxConcurrency = 5)
            .AddPgDurableActivities([a, b], options => options.Lease = TimeSpan.FromMinutes(1));

        var registration = (ActivityRegistration)services.Single(
            service => service.ServiceType == typeof(ActivityRegistration)).ImplementationInstance!;
        Assert.Equal([a, b], registration.Activities().Values);
        Assert.Equal((5, TimeSpan.FromMinutes(1)), (registration.Options.MaxConcurrency, registration.Options.Lease));
        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
        Assert.Equal(
            ServiceLifetime.Scoped, services.Single(service => service.ServiceType == typeof(TestActivities.Nothing)).Lifetime);
        using var provider = services.BuildServiceProvider();
        Assert.Single(provider.GetServices<IHostedService>());
    }

    [Fact]
    public void AddKeyedPgDurableActivities_EachKey_HasItsOwnServiceAndOptions()
    {
        var services = new ServiceCollection()
            .AddKeyedPgDurableActivities("x", [TestActivities.Named("a")], options => options.MaxConcurrency = 1)
            .AddKeyedPgDurableActivities("y", [TestActivities.Named("a")]);

        Assert.Equal([1, 16], services.Where(service => service.ServiceType == typeof(ActivityRegistration))
            .Select(service => ((ActivityRegistration)service.KeyedImplementationInstance!).Options.MaxConcurrency));
        using var provider = services.AddKeyedSingleton("x", DataSource()).BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(() => provider.GetServices<IHostedService>().ToList());
        Assert.Contains("no NpgsqlDataSource with key 'y'", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddNpgsqlDataSource", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddPgDurableActivities_TwoOfTheSameName_FailsAtStart()
    {
        using var provider = new ServiceCollection().AddSingleton(DataSource())
            .AddPgDurableActivities([TestActivities.Named("a"), TestActivities.Named("a")]).BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(() => provider.GetServices<IHostedService>().ToList());
        Assert.Contains("Two activities have the name 'a'", error.Message, StringComparison.Ordinal);
    }

    private static NpgsqlDataSource DataSource() => NpgsqlDataSource.Create("Host=/nowhere");
}
