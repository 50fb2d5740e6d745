using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Programs;

/// <summary>GET /oauth/style.json: colours and sizes for programs that want to look as if they belonged here. Open to all.</summary>
/// <remarks>Source: SMART App Launch 2.1, "Styling".</remarks>
internal static class StyleAddress
{
    public const string Path = "/oauth/style.json";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, (HttpContext context) =>
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Json(new Dictionary<string, string>
        {
            ["color_background"] = "#ffffff",
            ["color_error"] = "#b3261e",
            ["color_highlight"] = "#0b6e6e",
            ["color_modal_backdrop"] = "#00000066",
            ["color_success"] = "#1b7f4b",
            ["color_text"] = "#1c1f21",
            ["dim_border_radius"] = "6px",
            ["dim_font_size"] = "15px",
            ["dim_spacing_size"] = "16px",
            ["font_family_body"] = "system-ui, sans-serif",
            ["font_family_heading"] = "system-ui, sans-serif",
        });
    }).WithName("acc-oauth-style").AllowAnonymous().RequireRateLimiting(Policies.ProgramRate);
}
