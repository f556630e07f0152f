namespace PgDurable;

/// <summary>Selects the instances to list. A null property doesn't filter.</summary>
public sealed record InstanceFilter
{
    /// <summary>Only instances with this status.</summary>
    public WorkflowStatus? Status { get; init; }

    /// <summary>Only instances of this registered workflow.</summary>
    public string? Workflow { get; init; }

    /// <summary>Only instances with exactly this label.</summary>
    public string? Label { get; init; }

    /// <summary>Only instances that were started at this time or later.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only instances that were started before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>
    /// The number of instances that each query reads: 1 to 1000, 100 by default. It doesn't limit the number of listed instances.
    /// </summary>
    public int PageSize { get; init; } = 100;
}
