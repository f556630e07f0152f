using Microsoft.Extensions.Options;
using Npgsql;

namespace PgDurable.Worker.Hosting;

/// <summary>Checks <see cref="WorkerOptions"/> when the host starts.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var defects = new List<string>();
        CheckConnectionString(options.ConnectionString, defects);
        Check(nameof(options.MaxConcurrentSteps), options.MaxConcurrentSteps, 1, 1000, defects);
        Check(nameof(options.MaxResultBytes), options.MaxResultBytes, 1024, 512L * 1024 * 1024, defects);
        Check(nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), defects);
        Check(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1),
            defects);
        Check(nameof(options.SilenceLimit), options.SilenceLimit, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1), defects);
        Check(nameof(options.DeadConnectionLimit), options.DeadConnectionLimit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), defects);
        Check(nameof(options.ShutdownTimeout), options.ShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), defects);
        if (options.SilenceLimit < 2 * options.HeartbeatInterval)
            defects.Add("SilenceLimit must be at least twice HeartbeatInterval, because a worker between two signs of life is not dead.");
        return defects.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(defects);
    }

    private static void CheckConnectionString(string connectionString, List<string> defects)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            defects.Add("ConnectionString is missing. Set it to the database that the worker runs in.");
            return;
        }
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            defects.Add($"ConnectionString can't be read: {e.Message}");
        }
    }

    private static void Check<T>(string setting, T value, T least, T most, List<string> defects) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            defects.Add($"{setting} must be from {least} to {most}, not {value}.");
    }
}
