using System.Globalization;
using System.Security.Claims;
using Mach.Access.Authority;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Access.Audit;

/// <summary>
/// The one gate of all answers: whatever a signed-in caller asks, and whatever is refused, leaves a line before the first byte goes.
/// A door that is added later passes it without doing anything for it.
/// </summary>
internal static class AuditGate
{
    private const int MaxDetail = 200, MaxNames = 300, MaxId = 64, MaxPersons = 2000;
    /// <summary>Purpose of looks at a record that was opened in an emergency, and at one's own. Source: http://terminology.hl7.org/ValueSet/v3-PurposeOfUse.</summary>
    internal const string Emergency = "ETREAT", PatientRequest = "PATRQT";
    private const string Message = "Chưa ghi được nhật ký truy cập nên không trả lời; hãy thử lại sau vài giây. / The audit trail cannot be written now, so nothing is answered; try again in a few seconds.";

    public static void Use(IApplicationBuilder app)
    {
        var trail = app.ApplicationServices.GetRequiredService<AuditTrail>();
        var windows = app.ApplicationServices.GetRequiredService<AuditWindows>();
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AuditGate));
        app.Use(next => context => RunAsync(context, next, trail, windows, logger));
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate next, AuditTrail trail, AuditWindows windows, ILogger logger)
    {
        var outer = context.Features.Get<IHttpResponseBodyFeature>()!;
        await using var body = new GatedBody(outer, () => Keep(context, trail, windows, failed: false));
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(context);
            await body.FinishAsync();
            body.Open();
        }
        catch (AuditUnavailableException e) when (!context.Response.HasStarted)
        {
            logger.AuditGone(e);
            context.Features.Set(outer);
            context.Response.Clear();
            context.Response.Headers.RetryAfter = "5";
            await Denials.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Message);
        }
        catch (Exception) when (!context.Response.HasStarted)
        {
            Keep(context, trail, windows, failed: true);
            throw;
        }
        finally
        {
            context.Features.Set(outer);
        }
    }

    private static void Keep(HttpContext context, AuditTrail trail, AuditWindows windows, bool failed)
    {
        var scope = context.Audit();
        var status = failed ? StatusCodes.Status500InternalServerError : context.Response.StatusCode;
        var isKnown = context.User.Identity is { IsAuthenticated: true };
        var isOpen = context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        // What failed showed nobody but whom the address names.
        var persons = status < 400 ? scope.Unsaid() : [];
        if (!scope.HasSaid && AddressedPerson(context) is { } addressed && !persons.Contains(addressed))
        {
            persons.Add(addressed);
        }

        var isRefused = status is 401 or 403 || (!isOpen && !isKnown);
        if (scope.HasSaid ? persons.Count == 0 : (isOpen || !isKnown) && !isRefused && persons.Count == 0)
        {
            return;
        }

        var line = Describe(context, context.User) with
        {
            Action = ActionOf(context.Request, DoorName(context)),
            What = DoorName(context),
            Purpose = PurposeOf(context, persons),
            Outcome = isRefused ? AccessOutcome.Denied : status >= 400 ? AccessOutcome.Failed : AccessOutcome.Ok,
            Detail = status == 200 ? null : status.ToString(CultureInfo.InvariantCulture),
            Query = scope.Form is { } form ? Names(form.Names.Split(',')) : QueryNames(context.Request),
            QueryHash = scope.Form is { } sent ? trail.HashOf(sent.All) : context.Request.QueryString.HasValue ? trail.HashOf(context.Request.QueryString.Value!) : null,
            Shown = status < 400 ? scope.Count : 0,
        };
        if (status == StatusCodes.Status200OK && !scope.HasSaid && persons.Count is > 0 and < 10 && context.GetEndpoint()?.Metadata.GetMetadata<AuditWindow>() is { } window)
        {
            windows.Append(line with { Persons = [.. persons.Order(StringComparer.Ordinal)] }, window.Length);
            return;
        }

        // A file of thousands of people is several lines: a line has a greatest length.
        if (persons.Count == 0)
        {
            trail.Append(line);
        }

        foreach (var some in persons.Chunk(MaxPersons))
        {
            trail.Append(line with { Persons = some });
        }
    }

    /// <summary>Who asks from where, by which door.</summary>
    internal static AuditEntry Describe(HttpContext context, ClaimsPrincipal who)
    {
        var roles = who.SeeingRoles().ToArray();
        return new AuditEntry
        {
            Actor = who.AccountName() is { Length: > 0 } name ? name : "?",
            Kind = who.Identity is not { IsAuthenticated: true } ? AuditActor.Nobody : roles.Length > 0 && !roles.Contains(Roles.Intake) ? AuditActor.Person : AuditActor.Program,
            Roles = roles.Length == 0 ? null : roles,
            Facility = who.BoundFacility(),
            Session = who.ActingProgram() is { } program ? "program " + program : who.SessionId() is { Length: > 0 } session ? session : null,
            Address = context.ClientAddress(),
            Door = Door(context),
            Resource = Resource(context),
        };
    }

    internal static string Cut(string text) => text.Length > MaxDetail ? text[..MaxDetail] : text;

    internal static string? PurposeOf(HttpContext context, IReadOnlyList<string> persons)
    {
        var who = context.User;
        return who.Identity is not { IsAuthenticated: true } ? null
            : persons.Any(p => context.Sight().Persons.Contains(p) && p != context.Workplace()?.Person) ? Emergency
            : persons.Count > 0 && persons.All(p => p == context.Workplace()?.Person || context.Sight().ActsFor.Contains(p)) ? PatientRequest
            : who.StatedPurpose() is { } stated ? stated
            : who.HasRole(Roles.Doctor) ? "TREAT"
            : who.HasRole(Roles.Registrar) ? "PATADMIN"
            : who.HasRole(Roles.Administrator) ? "HSYSADMIN"
            : "HOPERAT";
    }

    private static string DoorName(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method.ToLowerInvariant();

    // The pattern, not the path: a path may hold a person's number.
    private static string Door(HttpContext context) =>
        context.Request.Method + " " + ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(unknown)");

    private static AuditAction ActionOf(HttpRequest request, string door) =>
        door.Contains("search", StringComparison.Ordinal) || door.Contains("find", StringComparison.Ordinal) || door.Contains("operation", StringComparison.Ordinal) || request.Path.Value?.Contains('$', StringComparison.Ordinal) == true ? AuditAction.Execute
        : HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? AuditAction.Read
        : HttpMethods.IsPost(request.Method) ? AuditAction.Create
        : HttpMethods.IsDelete(request.Method) ? AuditAction.Delete
        : AuditAction.Update;

    /// <summary>The person whom the address names: a page of theirs, their Patient, their compartment.</summary>
    private static string? AddressedPerson(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var isPersons = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern
            && (pattern.TrimStart('/').StartsWith("people/{id", StringComparison.Ordinal) || Equals(values.GetValueOrDefault("type"), "Patient") || Equals(values.GetValueOrDefault("compartment"), "Patient"));
        return isPersons && values.GetValueOrDefault("id") is string id && IsId(id) ? id : null;
    }

    private static string? Resource(HttpContext context)
    {
        var parts = context.Request.RouteValues.Where(v => v.Key is not "rest").Select(v => v.Value as string).OfType<string>().ToList();
        if (context.Request.RouteValues is { } values && values.GetValueOrDefault("type") is string type && values.GetValueOrDefault("id") is string id && !values.ContainsKey("compartment"))
        {
            parts = [type, id];
        }

        return parts.Count == 0 ? null : string.Join('/', parts.Select(p => IsId(p) ? p : "*"));
    }

    /// <summary>An id of ours; not what looks like the number of an identity card, an insurance card or a phone.</summary>
    private static bool IsId(string text) => text.Length is > 0 and <= MaxId
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '$')
        && text.Count(char.IsAsciiDigit) is var digits && (digits < 9 || digits < text.Length - 5);

    private static string? QueryNames(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        var names = new List<string>();
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            names.Add(pair.DecodeName().ToString());
        }

        return Names(names);
    }

    /// <summary>Names as the doors have them; anything else is a star, since a name can carry what a value must not.</summary>
    private static string? Names(IReadOnlyCollection<string> names)
    {
        var text = string.Join(',', names.Select(n => n.Length <= MaxId && n.All(c => char.IsAsciiLetter(c) || c is '-' or '_' or '.' or ':' or '$') ? n : "*"));
        return text.Length == 0 ? null : text.Length > MaxNames ? text[..MaxNames] : text;
    }
}
