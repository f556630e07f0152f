using Npgsql;

namespace PgDurable;

/// <summary>The state that a client shares with the clients it creates for transactions and connections.</summary>
internal sealed class ClientContext(NpgsqlDataSource dataSource, DurableClientOptions options, TimeProvider time)
{
    public NpgsqlDataSource DataSource => dataSource;

    public DurableClientOptions Options => options;

    public TimeProvider Time => time;

    public EndListener Ends { get; } = new(dataSource, time, options.Listen);
}
