namespace PgDurable.Worker.Store.Results;

/// <summary>How the text of a value becomes JSON.</summary>
internal enum ValueShape
{
    Text,
    Boolean,

    /// <summary>int2, int4, int8, float4 and float8.</summary>
    Number,

    /// <summary>json and jsonb: the value itself.</summary>
    Json,

    /// <summary>timestamp and timestamptz: PostgreSQL writes a space between date and time, but users of JSON expect a T.</summary>
    Timestamp,
    Void,
}
