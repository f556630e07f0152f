namespace PgDurable;

/// <summary>What a running workflow knows about itself: <c>flow.Instance.Id</c>.</summary>
/// <remarks>Its properties are values, for use in SQL texts, conditions, inputs and URLs. They never change.</remarks>
public sealed class FlowInstance
{
    private FlowInstance()
    {
    }

    /// <summary>The instance's id: eight hexadecimal digits, as <c>df.start</c> returns it.</summary>
    public string Id => throw DefinitionOnly.Error();

    /// <summary>The instance's label. If <c>StartAsync</c> names none, it is the workflow's name; if SQL names none, it is null.</summary>
    public string? Label => throw DefinitionOnly.Error();

    /// <summary>When a worker first took the instance, by the database's clock: the <c>started_at</c> of <c>df.instances</c>.</summary>
    public DateTimeOffset StartedAt => throw DefinitionOnly.Error();
}
