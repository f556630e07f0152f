using System.Runtime.CompilerServices;
using Npgsql;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// Asks for all results of a batch in text form, so that a column of any type has a JSON form. Npgsql offers this for single commands, and
/// has it for batches without making it public (https://github.com/npgsql/npgsql/issues/3922). A test would notice if it went away.
/// </summary>
internal static class TextResults
{
    public static void Want(NpgsqlBatch batch) => SetAllResultTypesAreUnknown(batch, true);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_AllResultTypesAreUnknown")]
    private static extern void SetAllResultTypesAreUnknown(NpgsqlBatch batch, bool value);
}
