using System.Collections.Concurrent;
using Dapper;
using Mach.Data;
using Mach.Kernel;

namespace Mach.Access.Authority;

public enum EmergencyVerdict
{
    /// <summary>It was needed.</summary>
    Justified,

    /// <summary>It was not; somebody has to answer for it.</summary>
    NotJustified,
}

/// <summary>One record opened in an emergency.</summary>
/// <param name="Person">Patient id.</param>
/// <param name="Until">The record closes by itself.</param>
/// <param name="Due">The review has to be there by then.</param>
public sealed record Emergency(string Id, string Actor, string? Facility, string Person, string Reason, DateTimeOffset Opened, DateTimeOffset Until, DateTimeOffset Due)
{
    public DateTimeOffset? Closed { get; init; }
    public DateTimeOffset? Reviewed { get; init; }
    public string? Reviewer { get; init; }
    public EmergencyVerdict? Verdict { get; init; }
    public string? Note { get; init; }
}

/// <summary>Break-glass: a reason opens one record for a few hours, and a data officer judges it afterwards.</summary>
public sealed class Emergencies(Db db, TimeProvider clock, AccessLog log, PolicyBook book)
{
    /// <summary>A reason is a sentence, not a key press.</summary>
    public const int LeastReason = 10;
    public const int MostReason = 500;

    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, (DateTimeOffset TrustedUntil, IReadOnlyList<Emergency> Open)> _open = new(StringComparer.Ordinal);

    /// <summary>Opens a record; again within the time prolongs it by a new line. The log has it before anything is shown.</summary>
    /// <exception cref="ArgumentException">The reason is too short or too long.</exception>
    public async Task<Emergency> OpenAsync(string actor, string? facility, string person, string reason, string? address, CancellationToken ct)
    {
        var why = reason.Trim();
        if (why.Length is < LeastReason or > MostReason)
        {
            throw new ArgumentException($"A reason has {LeastReason} to {MostReason} characters.", nameof(reason));
        }

        var now = clock.GetUtcNow();
        var rule = (await book.CurrentAsync(ct)).Emergency;
        var opened = new Emergency(Ids.New(), actor, facility, person, why, now, now + TimeSpan.FromHours(rule.Hours), now + TimeSpan.FromHours(rule.ReviewHours));
        await log.RecordAsync(new AccessEvent(actor, "emergency-open", AccessOutcome.Ok, person, address, opened.Id), ct);
        await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(InsertSql, Row.Of(opened), transaction, cancellationToken: ct)), ct);
        _open.TryRemove(actor, out _);
        return opened;
    }

    /// <summary>The records that are open to an account now.</summary>
    public async ValueTask<IReadOnlyList<Emergency>> OpenOfAsync(string actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!_open.TryGetValue(actor, out var known) || known.TrustedUntil < now)
        {
            await using var connection = await db.OpenAsync(ct);
            var rows = await connection.QueryAsync<Row>(new CommandDefinition(OpenSql, new { actor, now = now.ToUs() }, cancellationToken: ct));
            known = (now + Trust, [.. rows.Select(r => r.ToEmergency())]);
            _open[actor] = known;
        }

        return known.Open.Count == 0 ? known.Open : [.. known.Open.Where(e => e.Until > now)];
    }

    /// <summary>Closes what an account has open of a person, before its time.</summary>
    public async Task CloseAsync(string actor, string person, CancellationToken ct)
    {
        await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(CloseSql, new { actor, person, now = clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct)), ct);
        _open.TryRemove(actor, out _);
    }

    /// <summary>For review: those without a verdict, the next due first; then the newest reviewed ones. At most <paramref name="count"/> of each.</summary>
    public async Task<IReadOnlyList<Emergency>> ListAsync(int count, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var waiting = await connection.QueryAsync<Row>(new CommandDefinition(WaitingSql, new { count }, cancellationToken: ct));
        var done = await connection.QueryAsync<Row>(new CommandDefinition(ReviewedSql, new { count }, cancellationToken: ct));
        return [.. waiting.Concat(done).Select(r => r.ToEmergency())];
    }

    /// <summary>A data officer's verdict, once. Nobody judges what they opened themselves.</summary>
    /// <returns>False when it does not exist, was judged already, or is the reviewer's own.</returns>
    public async Task<bool> ReviewAsync(string id, string reviewer, EmergencyVerdict verdict, string? note, CancellationToken ct)
    {
        var changed = await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            ReviewSql, new { id, reviewer, verdict = verdict.ToString(), note = note?.Trim(), now = clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct)), ct);
        if (changed == 1)
        {
            await log.RecordAsync(new AccessEvent(reviewer, "emergency-review", AccessOutcome.Ok, Detail: $"{id} {verdict}"), ct);
        }

        return changed == 1;
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Actor { get; init; } = "";
        public string? Facility { get; init; }
        public string Person { get; init; } = "";
        public string Reason { get; init; } = "";
        public long Opened { get; init; }
        public long Until { get; init; }
        public long Due { get; init; }
        public long? Closed { get; init; }
        public long? Reviewed { get; init; }
        public string? Reviewer { get; init; }
        public string? Verdict { get; init; }
        public string? Note { get; init; }

        public static Row Of(Emergency e) => new() { Id = e.Id, Actor = e.Actor, Facility = e.Facility, Person = e.Person, Reason = e.Reason, Opened = e.Opened.ToUs(), Until = e.Until.ToUs(), Due = e.Due.ToUs() };

        public Emergency ToEmergency() => new(Id, Actor, Facility, Person, Reason, Instants.FromUs(Opened), Instants.FromUs(Until), Instants.FromUs(Due))
        {
            Closed = Closed is { } closed ? Instants.FromUs(closed) : null,
            Reviewed = Reviewed is { } reviewed ? Instants.FromUs(reviewed) : null,
            Reviewer = Reviewer,
            Verdict = Verdict is null ? null : Enum.Parse<EmergencyVerdict>(Verdict),
            Note = Note,
        };
    }

    private const string Columns = "id, actor, facility, person, reason, opened, until, due, closed, reviewed, reviewer, verdict, note";
    private const string InsertSql = "INSERT INTO acc_emergency(id, actor, facility, person, reason, opened, until, due) VALUES (@Id, @Actor, @Facility, @Person, @Reason, @Opened, @Until, @Due)";
    private const string OpenSql = $"SELECT {Columns} FROM acc_emergency WHERE actor = @actor AND until > @now AND closed IS NULL ORDER BY until";
    private const string CloseSql = "UPDATE acc_emergency SET closed = @now WHERE actor = @actor AND person = @person AND until > @now AND closed IS NULL";
    private const string WaitingSql = $"SELECT {Columns} FROM acc_emergency WHERE reviewed IS NULL ORDER BY due, id LIMIT @count";
    private const string ReviewedSql = $"SELECT {Columns} FROM acc_emergency WHERE reviewed IS NOT NULL ORDER BY reviewed DESC, id LIMIT @count";
    private const string ReviewSql = "UPDATE acc_emergency SET reviewed = @now, reviewer = @reviewer, verdict = @verdict, note = @note WHERE id = @id AND reviewed IS NULL AND actor <> @reviewer";
}
