using System.Globalization;

namespace PgDurable.Dashboard.Pages.Parts;

/// <summary>Says in words when a schedule ticks, if it is one of the usual ones.</summary>
internal static class CronWords
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>The words, or null for an expression that is better read as it is.</summary>
    public static string? Of(string cron)
    {
        var fields = (cron.Trim() switch
        {
            "@hourly" => "0 * * * *",
            "@daily" or "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" or "@annually" => "0 0 1 1 *",
            var text => text,
        }).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields switch
        {
            ["*", "*", "*", "*", "*"] => "every minute",
            [['*', '/', .. var step], "*", "*", "*", "*"] when Number(step) is { } minutes => $"every {minutes} minutes",
            [var minute, "*", "*", "*", "*"] when Number(minute) is { } at => $"every hour, {at} minutes past",
            [var minute, ['*', '/', .. var step], "*", "*", "*"] when Number(minute) is { } at && Number(step) is { } hours =>
                $"every {hours} hours, {at} minutes past",
            [var minute, var hour, "*", "*", "*"] when Time(minute, hour) is { } time => $"every day at {time}",
            [var minute, var hour, "*", "*", "1-5" or "MON-FRI"] when Time(minute, hour) is { } time => $"Monday to Friday at {time}",
            [var minute, var hour, "*", "*", var day] when Time(minute, hour) is { } time && Number(day) is >= 0 and <= 7 =>
                $"every {Days[Number(day)!.Value]} at {time}",
            [var minute, var hour, var day, "*", "*"] when Time(minute, hour) is { } time && Number(day) is { } date =>
                $"on day {date} of each month at {time}",
            [var minute, var hour, var day, var month, "*"]
                when Time(minute, hour) is { } time && Number(day) is { } date && Number(month) is >= 1 and <= 12 =>
                $"every year on {date} {CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(Number(month)!.Value)} at {time}",
            _ => null,
        };
    }

    private static string? Time(string minute, string hour) => Number(minute) is { } m && Number(hour) is { } h
        ? string.Create(CultureInfo.InvariantCulture, $"{h:00}:{m:00}")
        : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
