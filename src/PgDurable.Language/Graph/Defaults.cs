namespace PgDurable.Graph;

/// <summary>The defaults of settings. The SQL functions have the same ones.</summary>
internal static class Defaults
{
    public const int RetryAttempts = 3;

    public const int RetryDelaySeconds = 1;

    public const int RetryBackoff = 2;

    public const int RetryMaxDelaySeconds = 60;

    public const string HttpMethod = "POST";

    public const int HttpTimeoutSeconds = 30;

    public const string ItemName = "item";
}
