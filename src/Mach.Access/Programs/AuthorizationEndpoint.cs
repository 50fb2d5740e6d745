using System.Text.Encodings.Web;
using Mach.Access.Authority;
using Mach.Access.SignIn;
using Mach.Access.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Programs;

/// <summary>
/// GET /oauth/authorize: a program sends a person here; who is signed in is led to the page that asks (<c>/oauth/consent</c>), by way of <c>/oauth/person</c> where
/// a patient has to be picked, and back to the program where it was all let before. POST /oauth/consent: the answer. Everything is read and checked anew each time:
/// between the pages nothing is kept but the address itself.
/// </summary>
internal static class AuthorizationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/oauth/authorize", AskAsync).WithName("acc-oauth-authorize").RequireAuthorization(Policies.OwnAccount).RequireRateLimiting(Policies.ProgramRate);
        routes.MapPost("/oauth/consent", AnswerAsync).WithName("acc-oauth-consent").WithOwnForm().RequireAuthorization(Policies.OwnAccount).RequireRateLimiting(Policies.ProgramRate);
    }

    private static async Task AskAsync(HttpContext context, AuthorizationReader reader, Grants grants, Workplaces workplaces, TimeProvider clock, CancellationToken ct)
    {
        var query = context.Request.QueryString.Value ?? "";
        var (request, page, back) = await reader.ReadAsync(context, query, context.User.AccountName(), ct);
        if (request is null)
        {
            await RefuseAsync(context, page, back);
            return;
        }

        if (NeedsProof(context, request, clock))
        {
            Forms.SeeOther(context, request.Prompt == "none" ? Back(context, request).Address(("error", "login_required")) : "/step-up?returnUrl=" + Uri.EscapeDataString("/oauth/authorize" + query));
            return;
        }

        if (request.NeedsPatient && request.Prompt != "none" && await OwnRecordAsync(context, workplaces, ct) is { } own)
        {
            Forms.SeeOther(context, "/oauth/consent" + query + "&person=" + own);
            return;
        }

        var known = request.NeedsPatient || request.Prompt == "consent" || (request.Context.Patient is not null && !request.IsLaunched)
            ? null
            : await grants.ListAsync(context.User.AccountName(), request.Client.Id, ct) is [var one] ? one : null;
        if (known is not null && request.Scopes.All(asked => known.Scopes.Any(had => Scopes.Covers(had, asked))))
        {
            await ApproveAsync(context, request, request.Scopes, ct);
            return;
        }

        Forms.SeeOther(context, request.Prompt == "none" ? Back(context, request).Address(("error", request.NeedsPatient ? "interaction_required" : "consent_required"))
            : (request.NeedsPatient ? "/oauth/person" : "/oauth/consent") + query);
    }

    private static async Task AnswerAsync(HttpContext context, AuthorizationReader reader, TimeProvider clock, CancellationToken ct)
    {
        if (await Forms.ReadOwnAsync(context) is not { } form)
        {
            await RefuseAsync(context, new("form", "Trang này đã cũ hoặc không phải của chúng tôi; hãy mở lại ứng dụng.", "This page is too old, or not ours; open the program again."), null);
            return;
        }

        var (request, page, back) = await reader.ReadAsync(context, form["request"].ToString(), context.User.AccountName(), ct);
        if (request is null)
        {
            await RefuseAsync(context, page, back);
            return;
        }

        var granted = request.Scopes.Where(s => form["scope"].Contains(s)).ToList();
        if (form["decision"] != "allow" || granted.Count == 0 || request.NeedsPatient || NeedsProof(context, request, clock))
        {
            await context.RequestServices.GetRequiredService<AccessLog>().RecordAsync(context, "program-refuse", null, ct);
            Forms.SeeOther(context, Back(context, request).Address(("error", "access_denied")));
            return;
        }

        await ApproveAsync(context, request, granted, ct);
    }

    private static async Task ApproveAsync(HttpContext context, AuthorizationRequest request, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        var services = context.RequestServices;
        var code = await services.GetRequiredService<Authorizations>().ApproveAsync(
            new(context.User.AccountName(), request.Client.Id, scopes, request.Context, request.Redirect, request.Challenge, request.Nonce, context.User.SessionId(), context.User.AuthTime(), request.Launch), ct);
        if (code is not null)
        {
            await services.GetRequiredService<AccessLog>().RecordAsync(
                new AccessEvent(context.User.AccountName(), "program-allow", AccessOutcome.Ok, request.Context.Patient, context.ClientAddress(), request.Client.Id), ct);
        }

        Forms.SeeOther(context, code is null ? Back(context, request).Address(("error", "invalid_request")) : Back(context, request).Address(("code", code)));
    }

    /// <summary>Whose whole business here is their own record has nobody to pick.</summary>
    private static async Task<string?> OwnRecordAsync(HttpContext context, Workplaces workplaces, CancellationToken ct)
    {
        var who = context.User;
        return who.HasRole(Roles.Person) && !who.HasRole(Roles.Doctor) && !who.HasRole(Roles.Nurse) && !who.HasRole(Roles.DataOfficer)
            && await workplaces.OfAsync(who.AccountName(), who.BoundFacility(), ct) is { Person: { } own, ActsFor.Count: 0 } ? own : null;
    }

    /// <summary>A PIN is no proof for a program; and a program may ask for a fresh one.</summary>
    private static bool NeedsProof(HttpContext context, AuthorizationRequest request, TimeProvider clock)
    {
        var age = clock.GetUtcNow() - context.User.AuthTime();
        return age is null || (request.Prompt == "login" && age > StepUp.MaxAge) || (request.MaxAgeSeconds is { } most && age > TimeSpan.FromSeconds(Math.Max(most, 60)));
    }

    private static AuthorizationReader.Answer Back(HttpContext context, AuthorizationRequest request) => new(request.Redirect, request.State, Issuer.Of(context));

    private static async Task RefuseAsync(HttpContext context, AccountProblem? page, string? back)
    {
        if (back is not null)
        {
            Forms.SeeOther(context, back);
            return;
        }

        var encode = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $"<!DOCTYPE html><html lang=\"vi\"><meta charset=\"utf-8\"><title>400 · Mạch</title><main><h1>400</h1><p>{encode.Encode(page!.Vi)}</p><p lang=\"en\">{encode.Encode(page.En)}</p><p><a href=\"/\">Mạch</a></p></main></html>",
            context.RequestAborted);
    }
}
