using System.Collections;
using System.Globalization;

namespace PgDurable;

/// <summary>What each log entry of a run says about it.</summary>
internal sealed class RunScope(ClaimedTask task) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Instance", task.InstanceId),
        1 => new("Activity", task.Activity),
        2 => new("Attempt", task.Attempt),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"instance {task.InstanceId}, activity {task.Activity}, attempt {task.Attempt}");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
