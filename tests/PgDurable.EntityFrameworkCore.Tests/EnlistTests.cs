using Microsoft.EntityFrameworkCore;
using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.EntityFrameworkCore.Tests;

/// <summary>Contexts in transactions that somebody else began.</summary>
public sealed class EnlistTests : IAsyncLifetime
{
    private PgCluster _cluster = null!;
    private NpgsqlConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync();
        await _cluster.ExecuteAsync("CREATE TABLE books (id integer PRIMARY KEY, title text)");
        _connection = await _cluster.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EnlistAsync_SavedChanges_EndWithTheTransaction(bool commits)
    {
        await using (var transaction = await _connection.BeginTransactionAsync())
        {
            await using (var context = new BookContext(_cluster.ConnectionString()))
            {
                await context.EnlistAsync(transaction);
                await context.EnlistAsync(transaction);
                context.Books.Add(new() { Id = 1, Title = "Durable" });
                await context.SaveChangesAsync();
                Assert.Equal(1, await context.Books.CountAsync());
            }
            Assert.Equal(0L, await CountAsync());
            // The context has neither ended the transaction nor closed the connection.
            await using var command = new NpgsqlCommand("INSERT INTO books VALUES (2, 'More')", _connection, transaction);
            await command.ExecuteNonQueryAsync();
            if (commits)
                await transaction.CommitAsync();
        }
        Assert.Equal(commits ? 2L : 0L, await CountAsync());
    }

    [Fact]
    public async Task EnlistAsync_AfterAQuery_Works()
    {
        await using var context = new BookContext(_cluster.ConnectionString());
        Assert.Equal(0, await context.Books.CountAsync());
        await using var transaction = await _connection.BeginTransactionAsync();
        await context.EnlistAsync(transaction);
        context.Books.Add(new() { Id = 1 });
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
        Assert.Equal(1L, await CountAsync());
    }

    [Fact]
    public async Task EnlistAsync_ContextHasItsOwn_IsRefused()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await using var inTransaction = new BookContext(_cluster.ConnectionString());
        await inTransaction.Database.BeginTransactionAsync();
        Assert.Contains("already has a transaction", await RefusalAsync(inTransaction, transaction));
        await using var open = new BookContext(_cluster.ConnectionString());
        await open.Database.OpenConnectionAsync();
        Assert.Contains("already has an open connection", await RefusalAsync(open, transaction));
        await using var retrying = new BookContext(_cluster.ConnectionString(), retries: true);
        Assert.Contains("without EnableRetryOnFailure", await RefusalAsync(retrying, transaction));
        await using var late = new BookContext(_cluster.ConnectionString());
        await transaction.CommitAsync();
        Assert.Contains("completed", await RefusalAsync(late, transaction));
    }

    private static async Task<string> RefusalAsync(DbContext context, NpgsqlTransaction transaction) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => context.EnlistAsync(transaction))).Message;

    private Task<long> CountAsync() => _cluster.ScalarAsync<long>("SELECT count(*) FROM books");
}
