using Npgsql;

namespace PgDurable.Dashboard.Data;

/// <summary>Values that may be missing.</summary>
internal static class Rows
{
    public static string? Text(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);

    public static int? Number(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetInt32(ordinal);

    /// <summary>A time; null also for infinity, as of a schedule that never ticks again.</summary>
    public static DateTimeOffset? Time(NpgsqlDataReader row, int ordinal) =>
        row.IsDBNull(ordinal) || row.GetDateTime(ordinal) is var time && (time == DateTime.MaxValue || time == DateTime.MinValue)
            ? null
            : row.GetFieldValue<DateTimeOffset>(ordinal);
}
