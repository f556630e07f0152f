using System.Globalization;

namespace PgDurable.Doctor;

/// <summary>Formats values for people.</summary>
internal static class Lines
{
    public static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    public static string Version(InstanceInfo instance) =>
        instance.Workflow is null ? "" : $"{instance.Workflow} {instance.WorkflowVersion}";

    public static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s"
        : time.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture).TrimStart('0', '.');

    public static string Cut(string? text, int length) => text is null || text.Length <= length ? text ?? "" : text[..(length - 1)] + "…";

    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
