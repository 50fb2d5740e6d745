using System.Security.Claims;
using Dapper;
using Mach.Data;
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

/// <summary>Who saw what, when, from where. Returns when it is kept: a record is shown after its line stands here.</summary>
public sealed class AccessLog(Db db, TimeProvider clock)
{
    private const int MaxDetail = 200;

    public Task RecordAsync(AccessEvent what, CancellationToken ct) =>
        db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(InsertSql, ToRow(what), transaction, cancellationToken: ct)), ct);

    /// <summary>The same for the request at hand.</summary>
    public Task RecordAsync(HttpContext context, string action, string? person, CancellationToken ct) =>
        RecordAsync(new AccessEvent(Name(context.User), action, AccessOutcome.Ok, person, context.ClientAddress()), ct);

    /// <summary>The request at hand was refused for what the person's record is, though the role would do.</summary>
    /// <param name="reason">Never clinical content.</param>
    public Task RecordDenialAsync(HttpContext context, string action, string person, string reason, CancellationToken ct) =>
        RecordAsync(new AccessEvent(Name(context.User), action, AccessOutcome.Denied, person, context.ClientAddress(), reason), ct);

    /// <summary>Newest first, at most 1,000.</summary>
    /// <param name="person">Only events about this Patient id; null = all.</param>
    public async Task<IReadOnlyList<KeptAccessEvent>> ListAsync(string? person, int count, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            person is null ? NewestSql : PersonSql, new { Person = person, Count = Math.Clamp(count, 1, 1000) }, cancellationToken: ct));
        return [.. rows.Select(r => new KeptAccessEvent(r.Id, Instants.FromUs(r.At),
            new(r.Actor, r.Action, Enum.Parse<AccessOutcome>(r.Outcome, ignoreCase: true), r.Person, r.Address, r.Detail)))];
    }

    private static string Name(ClaimsPrincipal who) => who.AccountName() is { Length: > 0 } name ? name : "?";

    private Row ToRow(AccessEvent what) => new()
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString(),
        At = clock.GetUtcNow().ToUs(),
        Actor = what.Actor,
        Action = what.Action,
        Outcome = what.Outcome.ToString().ToLowerInvariant(),
        Person = what.Person,
        Address = what.Address,
        Detail = what.Detail is { Length: > MaxDetail } detail ? detail[..MaxDetail] : what.Detail,
    };

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string Action { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string? Person { get; init; }
        public string? Address { get; init; }
        public string? Detail { get; init; }
    }

    private const string InsertSql = """
        INSERT INTO acc_event(id, at, actor, action, outcome, person, address, detail)
        VALUES (@Id, @At, @Actor, @Action, @Outcome, @Person, @Address, @Detail)
        """;
    private const string NewestSql = "SELECT id, at, actor, action, outcome, person, address, detail FROM acc_event ORDER BY at DESC, id DESC LIMIT @Count";
    private const string PersonSql = "SELECT id, at, actor, action, outcome, person, address, detail FROM acc_event WHERE person = @Person ORDER BY at DESC, id DESC LIMIT @Count";
}
