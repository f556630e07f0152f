using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using PgDurable.Dashboard.Pages.Parts;

namespace PgDurable.Dashboard.Http;

/// <summary>Draws pages as HTML.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<string> DrawAsync(Page page, PageContext context)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var content = Layout.Whole(page, context);
            var root = await renderer.RenderComponentAsync<Fragment>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Fragment.Content)] = content }));
            return "<!DOCTYPE html>\n" + root.ToHtmlString();
        });
    }

    private sealed class Fragment : ComponentBase
    {
        [Parameter]
        public RenderFragment? Content { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
            builder.AddContent(0, Content);
    }
}
