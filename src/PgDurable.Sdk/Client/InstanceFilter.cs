namespace PgDurable;

/// <summary>Which instances to list. Everything that is null leaves none out.</summary>
public sealed record InstanceFilter
{
    /// <summary>Instances of this status only.</summary>
    public WorkflowStatus? Status { get; init; }

    /// <summary>Instances of this registered workflow only.</summary>
    public string? Workflow { get; init; }

    /// <summary>Instances with exactly this label only.</summary>
    public string? Label { get; init; }

    /// <summary>Instances that were started at this time or later.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Instances that were started before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>How many instances one statement reads: 1 to 1000, 100 by default. It does not limit how many are listed.</summary>
    public int PageSize { get; init; } = 100;
}
