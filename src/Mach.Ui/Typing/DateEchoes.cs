using Mach.Kernel;
using Mach.Ui.Components;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Typing;

/// <summary>What a date field says while one types. It asks nothing of the record, so it is open and leaves no line in the audit trail for each key.</summary>
internal static class DateEchoes
{
    private const int Longest = 40;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/date", Handle).AllowAnonymous().WithName("ui-date");

    public static string Address(string field, bool isBirth) => $"/date?field={Uri.EscapeDataString(field)}{(isBirth ? "&birthdate=true" : "")}";

    /// <param name="field">Name of the parameter that holds what was typed: that of the input.</param>
    internal static RazorComponentResult<DateEcho> Handle(string? field, bool? birthdate, HttpContext http, TimeProvider clock)
    {
        var text = http.Request.Query[field ?? ""].ToString();
        return UiModule.Page<DateEcho>(new { Typed = TypedDate.Read(text.Length > Longest ? text[..Longest] : text, Dates.Today(clock)), IsBirth = birthdate == true });
    }
}
