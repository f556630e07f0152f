using System.CommandLine;
using System.Data.Common;
using Npgsql;

namespace PgDurable.Cli;

/// <summary>One invocation of a command: its connection and its output.</summary>
internal sealed class Session : IAsyncDisposable
{
    // A deployment shouldn't hang on a server that isn't there.
    private const int ConnectTimeoutSeconds = 10;

    private readonly ParseResult _parsed;
    private NpgsqlDataSource? _dataSource;

    private Session(ParseResult parsed)
    {
        _parsed = parsed;
        Output = new Output(parsed.GetValue(CommonOptions.Json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
    }

    public Output Output { get; }

    public NpgsqlDataSource DataSource => _dataSource ??= CreateDataSource(ConnectionString(_parsed.GetValue(CommonOptions.Connection)));

    public DurableClient Client => new(DataSource);

    /// <summary>Makes a command do something, and turns what goes wrong into messages and exit codes.</summary>
    public static void Run(Command command, Func<Session, ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, ct) =>
    {
        await using var session = new Session(parsed);
        try
        {
            return await action(session, parsed, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (UsageException error)
        {
            return session.Output.Error(ExitCode.Usage, error.Message);
        }
        catch (PostgresException error)
        {
            // Class 28 is a wrong password, 3D an unknown database, 53 and 57 a server that takes nobody.
            var refusesUs = error.SqlState[..2] is "28" or "3D" or "53" or "57";
            return session.Output.Error(refusesUs ? ExitCode.NoConnection : ExitCode.Refused, error.MessageText, error.SqlState, HintFor(error));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            // The inner message says what the operating system says; neither has more of the connection string than host and port.
            return session.Output.Error(ExitCode.NoConnection, $"Can't connect: {error.InnerException?.Message ?? error.Message}");
        }
        catch (Exception error) when (error is WorkflowNotFoundException or WorkflowStateException or WorkflowChangedException
            or WorkflowFailedException or WorkflowCancelledException)
        {
            return session.Output.Error(ExitCode.Refused, error.Message, (error.InnerException as PostgresException)?.SqlState);
        }
    });

    /// <summary>An open connection, in which everything is done as another role if one is given.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string? role, CancellationToken ct)
    {
        var connection = await DataSource.OpenConnectionAsync(ct);
        if (role is null)
            return connection;
        await using var command = new NpgsqlCommand("SELECT pg_catalog.set_config('role', $1, false)", connection) { Parameters = { new() { Value = role } } };
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is not null)
            await _dataSource.DisposeAsync();
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString) =>
        // Npgsql's queries for types name functions and operators that a database's owner could supply.
        new NpgsqlDataSourceBuilder(connectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();

    private static string? HintFor(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidSchemaName => "Is this the right database? CREATE EXTENSION pg_durable, or PgDurableSchema.InstallAsync.",
        PostgresErrorCodes.InsufficientPrivilege => error.Hint ?? "A role needs SELECT df.grant_usage('<role>'), and rights on what its steps use.",
        _ => error.Hint,
    };

    private static string ConnectionString(string? given)
    {
        var text = given ?? Variable("PGDURABLE_CONNECTION") ?? "";
        NpgsqlConnectionStringBuilder settings;
        DbConnectionStringBuilder said;
        try
        {
            settings = new(text);
            said = new() { ConnectionString = text };
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Not the message: it may have a part of the string, and that may be the password.
            throw new UsageException("The connection string is not one of Npgsql: key=value pairs, separated by semicolons, such as \"Host=localhost;Database=shop\".");
        }

        // Npgsql itself takes PGUSER, PGPASSWORD and the rest from the environment, but not these.
        settings.Host ??= Variable("PGHOST") ?? "localhost";
        if (!said.ContainsKey("Port") && int.TryParse(Variable("PGPORT"), out var port))
            settings.Port = port;
        settings.Database ??= Variable("PGDATABASE");
        settings.ApplicationName ??= "pgdurable";
        settings.Timeout = Math.Min(settings.Timeout, ConnectTimeoutSeconds);
        settings.IncludeErrorDetail = false;
        return settings.ConnectionString;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
