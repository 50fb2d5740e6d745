using Mach.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Showcase;

/// <summary>Every shared component in every state, as it looks now: for who makes pages, who looks after the look, and the tests.</summary>
internal static class ShowcasePages
{
    private const int MostRows = 5000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ui", Show).RequireAuthorization(Policies.SignedIn).WithName("ui-showcase");

    /// <param name="dialog">The dialog stands open in the page, as where scripts are off.</param>
    /// <param name="toast">Something was just done that can be undone.</param>
    /// <param name="rows">A table of so many rows, of which only those around what is seen stand in the page.</param>
    internal static RazorComponentResult<ShowcasePage> Show(bool? dialog, bool? toast, int? rows) =>
        UiModule.Page<ShowcasePage>(new { WithDialog = dialog == true, WithToast = toast == true, LongRows = Math.Clamp(rows ?? 0, 0, MostRows) });
}
