namespace PgDurable;

/// <summary>A step's input doesn't fit the activity's type.</summary>
internal sealed class ActivityInputException(string activity, Exception cause)
    : Exception($"The input of activity '{activity}' can't be read: {cause.Message}", cause);
