namespace PgDurable.Upgrade.Tests.Fixtures;

/// <summary>A test that runs the released module, where it can run.</summary>
sealed class ReleaseFactAttribute : FactAttribute
{
    public ReleaseFactAttribute() => Skip = Release.Problem;
}
