namespace PgDurable.Extension.Tests.Store;

/// <summary>A test with its own user and worker in an empty store.</summary>
[Collection(StoreCollection.Name)]
public abstract class StoreTest(StoreFixture fixture) : IAsyncLifetime
{
    private protected StoreFixture Fixture => fixture;

    private protected TestSession User { get; private set; } = null!;

    private protected TestWorker Worker { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        User = await fixture.UserAsync();
        Worker = await fixture.WorkerAsync();
    }

    public async Task DisposeAsync()
    {
        await User.DisposeAsync();
        await Worker.DisposeAsync();
    }
}
