using Mach.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Showcase;

/// <summary>Every shared component in every state, as it looks now: for who makes pages, who looks after the look, and the tests.</summary>
internal static class ShowcasePages
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ui", Show).RequireAuthorization(Policies.SignedIn).WithName("ui-showcase");

    /// <param name="dialog">The dialog stands open in the page, as where scripts are off.</param>
    /// <param name="toast">Something was just done that can be undone.</param>
    internal static RazorComponentResult<ShowcasePage> Show(bool? dialog, bool? toast) => UiModule.Page<ShowcasePage>(new { WithDialog = dialog == true, WithToast = toast == true });
}
