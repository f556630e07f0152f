using Npgsql;

namespace PgDurable.Worker.Store.Connections;

/// <summary>Reads the current row by the names of its columns, so that a SELECT list and its reader can't drift apart.</summary>
/// <remarks>Npgsql keeps a table of names for each prepared statement, so a name costs no more than a look into a dictionary.</remarks>
internal static class NamedColumns
{
    /// <summary>The value of a column that is never NULL.</summary>
    public static T Get<T>(this NpgsqlDataReader row, string column) where T : notnull => row.GetFieldValue<T>(row.GetOrdinal(column));

    /// <summary>The value of a column; <c>null</c> if the column is NULL.</summary>
    public static T? Find<T>(this NpgsqlDataReader row, string column) where T : struct
    {
        var ordinal = row.GetOrdinal(column);
        return row.IsDBNull(ordinal) ? null : row.GetFieldValue<T>(ordinal);
    }

    /// <summary>The text in a column; <c>null</c> if the column is NULL.</summary>
    public static string? FindText(this NpgsqlDataReader row, string column)
    {
        var ordinal = row.GetOrdinal(column);
        return row.IsDBNull(ordinal) ? null : row.GetString(ordinal);
    }
}
