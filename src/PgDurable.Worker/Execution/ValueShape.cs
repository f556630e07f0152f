namespace PgDurable.Worker.Execution;

/// <summary>How the text of a value becomes JSON.</summary>
internal enum ValueShape
{
    Text,
    Boolean,
    Integer,

    /// <summary>Single precision: widened, so that it is the number that it stands for.</summary>
    Single,
    Double,

    /// <summary>json and jsonb: the value itself.</summary>
    Json,

    /// <summary>timestamp and timestamptz: PostgreSQL writes a blank between date and time, JSON's users expect a T.</summary>
    Timestamp,
    Void,
}
