using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// The errors of HTTP steps. URLs appear without user info and without the query's values, which are often secrets. Header values never
/// appear.
/// </summary>
internal static class HttpErrors
{
    public const string Blocked = DurableErrorCodes.HttpNotAllowed;
    public const string Failed = DurableErrorCodes.HttpFailed;

    public static HttpStepException Refused(string message, string? hint) =>
        new(new StepError(message, Blocked, Hint: hint), "blocked");

    /// <summary>A request that no server would understand: sending it again can't help.</summary>
    public static HttpStepException Invalid(string message, string? hint = null) =>
        new(new StepError(message, PostgresErrorCodes.InvalidParameterValue, Hint: hint), "invalid_request");

    /// <summary>The body is larger than the step's own limit.</summary>
    public static HttpStepException OverOwnLimit(string what, string option, long maxBytes) => new(
        new StepError($"the body of the HTTP {what} is larger than {ByteSize.Format(maxBytes)} ({option} of df.with_http_options)",
            PostgresErrorCodes.ProgramLimitExceeded), $"{what}_too_large");

    public static HttpStepException RequestTooLarge(long maxBytes) => new(
        new StepError($"the HTTP request is larger than {ByteSize.Format(maxBytes)} (pg_durable.http_max_request_bytes)",
            PostgresErrorCodes.ProgramLimitExceeded,
            Hint: "Send less, or in several requests; a superuser can raise pg_durable.http_max_request_bytes."),
        "request_too_large");

    public static HttpStepException ResponseTooLarge(string url, long maxBytes) => new(
        new StepError($"the HTTP response of {url} is larger than {ByteSize.Format(maxBytes)} (pg_durable.http_max_response_bytes)",
            PostgresErrorCodes.ProgramLimitExceeded,
            Hint: "Ask for less, a page at a time; a superuser can raise pg_durable.http_max_response_bytes."),
        "response_too_large");

    public static HttpStepException ResultTooLarge(long maxBytes) => new(
        new StepError(new ResultTooLargeException(maxBytes).Message, PostgresErrorCodes.ProgramLimitExceeded,
            Hint: "Ask the server for less, a page at a time; a superuser can raise pg_durable.max_result_bytes."),
        "result_too_large");

    public static HttpStepException Status(string node, string method, string url, int status, string preview, TimeSpan? retryAfter) => new(
        new StepError($"{node} {method} {url} returned {status}: {preview}", Failed)
        {
            RetryAfterSeconds = retryAfter is { } wait ? Math.Max(0, Math.Ceiling(wait.TotalSeconds)) : null,
        },
        status.ToString(CultureInfo.InvariantCulture))
    {
        MayRetry = true,
        RetryAfter = retryAfter,
    };

    public static HttpStepException TimedOut(string url, int seconds) => new(
        new StepError($"HTTP timeout after {seconds}s: {url}", Failed,
            Hint: "The last argument of df.http() is the time-out in seconds."), "timeout")
    {
        MayRetry = true,
    };

    /// <summary>What an exception of the client library means. It may wrap a refusal by policy.</summary>
    public static HttpStepException Transport(string url, Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (inner is HttpStepException ours)
                return ours;

        var kind = (e as HttpRequestException)?.HttpRequestError ?? (e as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var connecting = kind is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError;
        var what = connecting ? "connection failed" : "request failed";
        var cause = connecting ? "connection_failed" : "request_failed";
        return new HttpStepException(new StepError($"HTTP {what}: {url} - {Detail(e)}", Failed), cause, e)
        {
            // A wrong certificate stays wrong, and headers that are too long stay too long.
            MayRetry = kind != HttpRequestError.ConfigurationLimitExceeded && !IsCausedBy<AuthenticationException>(e),
        };
    }

    /// <summary>A user's text for a message: short and without line breaks.</summary>
    public static string Printable(string text) => string.Concat(text.Take(60).Select(c => char.IsControl(c) ? '?' : c));

    private static bool IsCausedBy<T>(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is T)
                return true;
        return false;
    }

    // The outer messages say "see inner exception".
    private static string Detail(Exception e)
    {
        var detail = e;
        for (var inner = e.InnerException; inner is SocketException or AuthenticationException or IOException; inner = inner.InnerException)
        {
            detail = inner;
            if (inner is UnknownHostException)
                break;
        }
        return detail.Message;
    }
}
