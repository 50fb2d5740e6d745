using System.Security.Claims;
using Mach.Access.Audit;
using Microsoft.AspNetCore.Http;

namespace Mach.Access;

public enum AccessOutcome
{
    Ok,
    Failed,
    Denied,
}

/// <summary>One thing somebody did, or tried to do.</summary>
/// <param name="Actor">Account name or client id; <c>?</c> when unknown.</param>
/// <param name="Action">Short verb: sign-in, sign-out, record-open, denied …</param>
/// <param name="Person">Id of the Patient whose record it was; null when it was nobody's.</param>
/// <param name="Address">Network address it came from; null when it came from inside.</param>
/// <param name="Detail">Route or reason, at most 200 characters; never clinical content.</param>
public sealed record AccessEvent(string Actor, string Action, AccessOutcome Outcome, string? Person = null, string? Address = null, string? Detail = null);

/// <summary>An event as it was kept.</summary>
public sealed record KeptAccessEvent(string Id, DateTimeOffset At, AccessEvent Event);

/// <summary>Lines about who did what that a door words itself; they stand in the audit trail. Kept when it returns: a record is shown after its line stands there.</summary>
public sealed class AccessLog(AuditTrail trail, AuditReader reader, IHttpContextAccessor requests)
{
    /// <exception cref="AuditUnavailableException">It could not be kept.</exception>
    public Task RecordAsync(AccessEvent what, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var entry = requests.HttpContext is { } context ? AuditGate.Describe(context, context.User) with { Purpose = AuditGate.PurposeOf(context, what.Person is null ? [] : [what.Person]) } : new AuditEntry { Kind = AuditActor.House };
        trail.Append(entry with
        {
            Actor = what.Actor,
            Kind = what.Actor == "?" ? AuditActor.Nobody : entry.Kind is AuditActor.Nobody ? AuditActor.Person : entry.Kind,
            Address = what.Address ?? entry.Address,
            Action = what.Action.EndsWith("-open", StringComparison.Ordinal) ? AuditAction.Read : AuditAction.Execute,
            What = what.Action,
            Persons = what.Person is null ? null : [what.Person],
            Outcome = what.Outcome,
            Detail = what.Detail is null ? null : AuditGate.Cut(what.Detail),
        });
        requests.HttpContext?.Audit().Said(what.Person);
        return Task.CompletedTask;
    }

    /// <summary>The same for the request at hand.</summary>
    public Task RecordAsync(HttpContext context, string action, string? person, CancellationToken ct) =>
        RecordAsync(new AccessEvent(Name(context.User), action, AccessOutcome.Ok, person, context.ClientAddress()), ct);

    /// <summary>The request at hand was refused for what the person's record is, though the role would do.</summary>
    /// <param name="reason">Never clinical content.</param>
    public Task RecordDenialAsync(HttpContext context, string action, string person, string reason, CancellationToken ct) =>
        RecordAsync(new AccessEvent(Name(context.User), action, AccessOutcome.Denied, person, context.ClientAddress(), reason), ct);

    /// <summary>Newest first, at most 1,000.</summary>
    /// <param name="person">Only events about this Patient id; null = all.</param>
    public async Task<IReadOnlyList<KeptAccessEvent>> ListAsync(string? person, int count, CancellationToken ct) =>
        [.. (await reader.ListAsync(new AuditFilter { Person = person }, Math.Clamp(count, 1, 1000), null, ct)).Lines.Select(line => new KeptAccessEvent(line.Id, line.At,
            new(line.Entry.Actor, line.Entry.What, line.Entry.Outcome, person ?? line.Entry.Persons?[0], line.Entry.Address, line.Entry.Detail)))];

    private static string Name(ClaimsPrincipal who) => who.AccountName() is { Length: > 0 } name ? name : "?";
}
