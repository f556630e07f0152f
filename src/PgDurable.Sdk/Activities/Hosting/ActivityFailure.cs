using System.Text;
using Npgsql;

namespace PgDurable;

/// <summary>What the database is told about a failure: never a stack trace.</summary>
/// <param name="Message">The message: at most 10,000 characters, all of which a text can store.</param>
/// <param name="SqlState">The SQLSTATE.</param>
/// <param name="IsRetryable">Whether another attempt may succeed.</param>
internal sealed record ActivityFailure(string Message, string SqlState, bool IsRetryable)
{
    private const int LongestMessage = 10_000;

    /// <summary>Describes an exception of an activity.</summary>
    public static ActivityFailure Of(Exception exception)
    {
        switch (exception)
        {
            case ActivityException own:
                return new(Clean(own.Message), own.SqlState, own.IsRetryable);
            case ActivityInputException input:
                return new(Clean(input.Message), PostgresErrorCodes.InvalidParameterValue, false);
        }
        // Data access layers wrap the server's error.
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is PostgresException error)
                return new(Clean(error.MessageText), error.SqlState, IsTransient(error));
        }
        return new(Clean($"{exception.GetType()}: {exception.Message}"), DurableErrorCodes.ActivityFailed, true);
    }

    /// <summary>Describes an error with which the database refused a result.</summary>
    public static ActivityFailure Refused(PostgresException error) =>
        new(Clean(error.Detail is { Length: > 0 } detail ? $"{error.MessageText}: {detail}" : error.MessageText), error.SqlState, false);

    /// <summary>The same in characters that each database can store.</summary>
    public ActivityFailure InAscii() => this with
    {
        Message = string.Create(Message.Length, Message, static (ascii, message) =>
        {
            for (var i = 0; i < message.Length; i++)
                ascii[i] = char.IsAscii(message[i]) ? message[i] : '?';
        }),
    };

    private static bool IsTransient(PostgresException error) => error.IsTransient || error.SqlState[..2] is "08" or "40" or "53" or "57";

    private static string Clean(string message)
    {
        if (message.Length > LongestMessage)
            message = message[..LongestMessage];
        // Half a surrogate pair can't be sent.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message)).Replace('\0', '\uFFFD');
    }
}
