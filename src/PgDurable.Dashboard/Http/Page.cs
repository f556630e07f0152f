using Microsoft.AspNetCore.Components;

namespace PgDurable.Dashboard.Http;

/// <summary>A page, ready to be drawn.</summary>
/// <param name="Title">The title.</param>
/// <param name="Section">The entry of the navigation that it belongs to.</param>
/// <param name="Body">Draws it.</param>
internal sealed record Page(string Title, string Section, Func<PageContext, RenderFragment> Body)
{
    public int Status { get; init; } = 200;
}

/// <summary>Says what a request can't do, and why.</summary>
internal sealed class RefusedException(int status, string title, string message, string? advice = null) : Exception(message)
{
    public int Status => status;

    public string Title => title;

    public string? Advice => advice;
}
