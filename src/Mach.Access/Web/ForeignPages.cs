using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Mach.Access.Web;

/// <summary>Endpoint metadata: the handler reads its form by <see cref="SignIn.Forms.ReadOwnAsync"/> and says itself what a missing token means.</summary>
internal sealed record ChecksOwnForm;

/// <summary>
/// Nobody acts through a page that is not ours: what changes something with a cookie has to come from our own origin, and a form has to carry the token of the page that showed it.
/// New doors pass here without doing anything for it; who calls with a token of a program is none of this, since no browser adds that by itself.
/// </summary>
/// <remarks>Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet (tokens, and Fetch Metadata or Origin beside them); Fetch Metadata, https://www.w3.org/TR/fetch-metadata/; ASVS 5.0 3.5.1 to 3.5.3.</remarks>
internal static class ForeignPages
{
    private static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
    private static readonly ChecksOwnForm Own = new();

    /// <summary>The handler checks the token and answers by a redirect of its own when it is missing.</summary>
    public static TBuilder WithOwnForm<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(Own);

    /// <summary>After the framework's own look at forms, whose answer is kept.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var forms = app.ApplicationServices.GetRequiredService<IAntiforgery>();
        app.Use(next => context => IsConcerned(context) ? GuardAsync(context, next, forms) : next(context));
    }

    private static bool IsConcerned(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method)
        && !context.Request.Headers.ContainsKey(HeaderNames.Authorization)
        && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: false };

    private static async Task GuardAsync(HttpContext context, RequestDelegate next, IAntiforgery forms)
    {
        if (!ComesFromUs(context.Request))
        {
            await RefuseAsync(context, "foreign-page", StatusCodes.Status403Forbidden,
                "Yêu cầu đến từ một trang khác nên không được thực hiện. / The request came from a foreign page and was not carried out.");
        }
        else if (NeedsToken(context) && await TokenProblemAsync(context, forms) is { } status)
        {
            await RefuseAsync(context, "form-token", status, status == StatusCodes.Status413PayloadTooLarge
                ? "Nội dung gửi lên quá lớn. / What was sent is too large."
                : "Trang này đã cũ hoặc không phải của chúng tôi; hãy tải lại trang rồi gửi lại. / This page is too old, or not ours; reload it and send again.");
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>The browser says where the page stood: by Sec-Fetch-Site, and older ones by Origin. What says neither is no browser that could be led astray, or carries the token.</summary>
    private static bool ComesFromUs(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            return site == "same-origin" || site == "none";
        }

        // Behind a proxy the scheme may be another than the browser's; host and port are what it asked for.
        return !request.Headers.TryGetValue(HeaderNames.Origin, out var origin)
            || (Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What a foreign page can send without being asked for leave: a form, or nothing. Anything else meets CORS first.</summary>
    private static bool NeedsToken(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && context.GetEndpoint()!.Metadata.GetMetadata<ChecksOwnForm>() is null
        && (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || FormTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase));

    /// <summary>400 without a good token, 413 when the form was too large to find it; null when all is well.</summary>
    private static async Task<int?> TokenProblemAsync(HttpContext context, IAntiforgery forms)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { } seen)
        {
            return seen.IsValid ? null : StatusOf(seen.Error);
        }

        try
        {
            await forms.ValidateRequestAsync(context);
            return null;
        }
        catch (Exception e) when (e is AntiforgeryValidationException or InvalidDataException or InvalidOperationException or BadHttpRequestException)
        {
            return StatusOf(e);
        }
    }

    private static int StatusOf(Exception? e) => (e as BadHttpRequestException ?? e?.InnerException as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;

    private static async Task RefuseAsync(HttpContext context, string why, int status, string message)
    {
        await context.RequestServices.GetRequiredService<AccessLog>().RecordAsync(
            new AccessEvent(context.User.AccountName() is { Length: > 0 } name ? name : "?", "denied", AccessOutcome.Denied, Address: context.ClientAddress(), Detail: why), context.RequestAborted);
        await Denials.AnswerAsync(context, status, message);
    }
}
