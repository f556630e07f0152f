using Microsoft.Extensions.Logging;

namespace PgDurable.Dashboard.Http;

/// <summary>What the dashboard logs.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "The dashboard can't read the database.")]
    public static partial void Failed(ILogger logger, Exception error);
}
