namespace PgDurable.Generators;

/// <summary>Names of the pipeline's steps, for the tests of caching.</summary>
internal static class TrackingNames
{
    public const string Workflows = nameof(Workflows);
    public const string Sources = nameof(Sources);
    public const string Classes = nameof(Classes);
    public const string Activities = nameof(Activities);
    public const string ActivityClasses = nameof(ActivityClasses);
}
