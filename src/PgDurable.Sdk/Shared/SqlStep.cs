namespace PgDurable.Graph;

/// <summary>One SQL statement of a sequence, with the name that its result is bound to.</summary>
internal readonly struct SqlStep
{
    public SqlStep(string sql, string? resultName = null)
    {
        Sql = sql;
        ResultName = resultName;
    }

    public string Sql { get; }

    public string? ResultName { get; }
}
