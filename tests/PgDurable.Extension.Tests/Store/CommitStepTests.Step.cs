using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Store;

public sealed partial class CommitStepTests
{
    /// <summary>A claimed instance, and a connection that can run its steps.</summary>
    sealed class Step(PgCluster cluster, TestWorker worker, string role) : IAsyncDisposable
    {
        readonly StepTokens _tokens = new();
        NpgsqlConnection? _session;

        public TestWorker Worker => worker;

        public long Instance { get; private set; }

        public async Task BeginAsync()
        {
            if (role == "alice")
                _session = await cluster.ConnectAsync(options: _tokens.Options);
            else
                await worker.ColumnAsync<object>("SELECT df._open_session($1)", _tokens.Secret);
            var id = await AsUserAsync("SELECT df.start('SELECT 1')");
            Instance = await worker.InstanceAsync(id!);
            await worker.ClaimOneAsync();
        }

        public Task RegisterChildAsync() => AsUserAsync("SELECT df.register_workflow('child', 'SELECT 1')::text");

        /// <summary>Runs one step of this or another instance, with the arguments of df._commit_step that follow the instance.</summary>
        public async Task<string?> RunAsync(string sql, string arguments, long? instance = null)
        {
            try
            {
                await ExecuteAsync("BEGIN");
                await ExecuteAsync($"SELECT df._enter('{role}'::pg_catalog.regrole, $1)", Token());
                await ExecuteAsync(sql);
                var goesOn =
                    await ExecuteAsync($"SELECT df._commit_step($1, $2, $3, {arguments})", Token(), worker.Id, instance ?? Instance);
                await ExecuteAsync("COMMIT");
                return goesOn;
            }
            catch
            {
                await ExecuteAsync("ROLLBACK");
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_session is not null)
                await _session.DisposeAsync();
            await worker.DisposeAsync();
        }

        byte[] Token() => _session is null ? _tokens.Secret : _tokens.Next();

        async Task<string?> ExecuteAsync(string sql, params object[] parameters)
        {
            if (_session is null)
                return (await worker.ColumnAsync<object>(sql, parameters)).FirstOrDefault()?.ToString();
            await using var command = new NpgsqlCommand(sql, _session);
            foreach (var parameter in parameters)
                command.Parameters.Add(new() { Value = parameter });
            return (await command.ExecuteScalarAsync())?.ToString();
        }

        async Task<string?> AsUserAsync(string sql)
        {
            await worker.ExecuteAsync($"SET ROLE {role}");
            var result = await worker.ScalarAsync<string>(sql);
            await worker.ExecuteAsync("RESET ROLE");
            return result;
        }
    }
}
