using Microsoft.Playwright;

namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>A window of the browser. Whatever its console calls an error fails the test in the end.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    public Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _errors.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Request.IsNavigationRequest)
                Status = response.Status;
        };
        page.Console += (_, message) =>
        {
            // The tests look at the status themselves.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _errors.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>The status of the page that is shown.</summary>
    public int Status { get; private set; }

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Opens a page, which must be there.</summary>
    public async Task OpenAsync(string path) => Assert.Equal(200, await GoAsync(path));

    /// <summary>Opens a page and returns the status of the answer.</summary>
    public async Task<int> GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        return response!.Status;
    }

    /// <summary>Presses a button, and waits until the page that it leads to is there.</summary>
    public async Task PressAsync(string name, int status = 200)
    {
        await LeaveAsync(() => Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync());
        Assert.True(Status == status, $"{Status} {await TextAsync()}");
    }

    /// <summary>Does what leads to another page, and waits for that one.</summary>
    public async Task LeaveAsync(Func<Task> act)
    {
        var loaded = new TaskCompletionSource();
        Page.DOMContentLoaded += OnLoaded;
        await act();
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Page.DOMContentLoaded -= OnLoaded;

        void OnLoaded(object? sender, IPage page) => loaded.TrySetResult();
    }

    public Task<string> TextAsync(string selector = "main") => Page.Locator(selector).InnerTextAsync();

    /// <summary>Waits until a part of the page has a text. A page that takes long to make, on a busy machine, is made less often.</summary>
    public Task UntilAsync(string selector, string text) =>
        Assertions.Expect(Page.Locator(selector).First).ToContainTextAsync(text, new() { Timeout = 30_000 });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_errors);
    }
}
