using System.CommandLine;
using System.Data.Common;
using Npgsql;

namespace PgDurable.Cli;

/// <summary>One invocation of a command: its connection and its output.</summary>
internal sealed class Session : IAsyncDisposable
{
    // A deployment shouldn't hang if the server is unreachable.
    private const int ConnectTimeoutSeconds = 10;

    private readonly ParseResult _parsed;
    private NpgsqlDataSource? _dataSource;

    private Session(ParseResult parsed)
    {
        _parsed = parsed;
        Output = new Output(
            parsed.GetValue(CommonOptions.Json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
    }

    public Output Output { get; }

    public NpgsqlDataSource DataSource => _dataSource ??= CreateDataSource(ConnectionString(_parsed.GetValue(CommonOptions.Connection)));

    public DurableClient Client => new(DataSource);

    /// <summary>Sets a command's action, and turns exceptions into messages and exit codes.</summary>
    public static void Run(Command command, Func<Session, ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, ct) => InvokeAsync(parsed, action, ct));

    private static async Task<int> InvokeAsync(
        ParseResult parsed, Func<Session, ParseResult, CancellationToken, Task<int>> action, CancellationToken ct)
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
            // Class 28 is a rejected login, 3D an unknown database, and 53 and 57 mean that the server accepts no connections.
            var code = error.SqlState[..2] is "28" or "3D" or "53" or "57" ? ExitCode.NoConnection : ExitCode.Refused;
            return session.Output.Error(code, error.MessageText, error.SqlState, DatabaseHint.For(error));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            // The inner message has the operating system's error. Neither message reveals more of the connection string than host and port.
            return session.Output.Error(ExitCode.NoConnection, $"Can't connect: {error.InnerException?.Message ?? error.Message}");
        }
        catch (Exception error) when (error is WorkflowNotFoundException or WorkflowStateException or WorkflowChangedException
            or WorkflowNotRegisteredException or WorkflowFailedException or WorkflowCancelledException)
        {
            return session.Output.Error(ExitCode.Refused, error.Message, (error.InnerException as PostgresException)?.SqlState);
        }
    }

    /// <summary>Opens a connection. If a role is given, the connection acts as this role.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string? role, CancellationToken ct)
    {
        var connection = await DataSource.OpenConnectionAsync(ct);
        if (role is null)
            return connection;
        await using var command = new NpgsqlCommand("SELECT pg_catalog.set_config('role', $1, false)", connection)
        {
            Parameters = { new() { Value = role } },
        };
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is not null)
            await _dataSource.DisposeAsync();
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString) =>
        // Npgsql's type-loading queries use unqualified functions and operators, which the owner of the database could replace.
        new NpgsqlDataSourceBuilder(connectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();

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
            // The exception's message isn't shown, because it may contain part of the string, such as the password.
            throw new UsageException(
                "The connection string isn't valid for Npgsql. It must be key=value pairs, separated by semicolons, such as " +
                "\"Host=localhost;Database=shop\".");
        }

        // Npgsql reads PGUSER, PGPASSWORD and other variables from the environment, but not these.
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
