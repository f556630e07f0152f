namespace PgDurable.Docs.Tests;

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<DocsCluster>
{
    public const string Name = "server";
}
