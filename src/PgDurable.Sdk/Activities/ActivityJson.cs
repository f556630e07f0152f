using System.Text.Json;

namespace PgDurable;

/// <summary>A value of an activity as JSON.</summary>
/// <param name="write">Writes it.</param>
/// <param name="read">Reads it.</param>
internal sealed class ActivityJson<T>(Action<Utf8JsonWriter, T> write, Func<JsonElement, T> read)
{
    public string Write(T value) => JsonValueText.Write(write, value);

    /// <exception cref="WorkflowResultException">A member is missing or doesn't fit its property.</exception>
    public T Read(string json) => JsonValueText.Read(read, json);

    /// <exception cref="ActivityInputException">The input doesn't fit the type.</exception>
    public T ReadInput(string activity, string json)
    {
        try
        {
            return Read(json);
        }
        catch (Exception exception)
        {
            throw new ActivityInputException(activity, exception);
        }
    }
}
