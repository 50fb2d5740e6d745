using System.Text;
using Dapper;
using Mach.Access.Authority;
using Mach.Data;
using Mach.Kernel;

namespace Mach.Access.Looks;

/// <summary>
/// The rules about unusual looking through time: those that came with the program or lie in the data folder, and those that two data officers have put in their place.
/// One proposes, another brings them into force; nothing is deleted, and lines that were judged stay judged as they were.
/// </summary>
public sealed class LookBook(Db db, TimeProvider clock, AccessLog log, LookPolicy first)
{
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);
    private (DateTimeOffset TrustedUntil, string? Id, LookPolicy Policy)? _known;

    /// <summary>What counts where no officer has changed anything.</summary>
    public LookPolicy First => first;

    /// <summary>The rules in force. Another server's change is known here after 15 seconds at most.</summary>
    public async ValueTask<LookPolicy> CurrentAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_known is { } known && known.TrustedUntil > now)
        {
            return known.Policy;
        }

        await using var connection = await db.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(CurrentSql, cancellationToken: ct));
        // The same rules are the same object: who keeps something that was made of them knows by that.
        var policy = row is null ? first : _known is { } kept && kept.Id == row.Id ? kept.Policy : row.Read(first);
        _known = (now + Trust, row?.Id, policy);
        return policy;
    }

    /// <summary>All versions that were ever proposed, the newest first.</summary>
    public async Task<IReadOnlyList<LookVersion>> ListAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(ListSql, cancellationToken: ct))).Select(r => r.ToVersion(first)).ToList();
        var force = rows.Where(r => r.State == PolicyState.Approved).MaxBy(r => r.Decided)?.Id;
        return [.. rows.Select(r => r.State == PolicyState.Approved && r.Id != force ? r with { State = PolicyState.Replaced } : r)];
    }

    /// <summary>Writes down a draft that waits for another data officer.</summary>
    /// <exception cref="AccountRuleException">The draft is none that could be in force, changes nothing, has no reason, or another one waits.</exception>
    public async Task<string> ProposeAsync(string by, LookPolicy draft, string why, CancellationToken ct)
    {
        var reason = why.Trim();
        Refuse(draft.Check());
        Refuse(reason.Length is < PolicyBook.LeastWhy or > PolicyBook.MostWhy ? new("looks.why", $"Hãy ghi lý do, từ {PolicyBook.LeastWhy} đến {PolicyBook.MostWhy} ký tự.", $"Give a reason of {PolicyBook.LeastWhy} to {PolicyBook.MostWhy} characters.") : null);
        Refuse((await CurrentAsync(ct)).Differences(draft).Count == 0 ? new("looks.same", "Bản này không khác các quy tắc đang dùng.", "This changes nothing of the rules in force.") : null);
        var waiting = new AccountProblem("looks.waits", "Đã có một bản đang chờ; hãy duyệt hoặc rút bản đó trước.", "Another draft waits; decide on it first.");
        Refuse((await ListAsync(ct)).Any(v => v.State == PolicyState.Draft) ? waiting : null);
        var (id, now) = (Ids.New(), clock.GetUtcNow());
        var inserted = await WriteAsync(InsertSql, new { id, body = draft.ToJson(), why = reason, by, now = now.ToUs() }, ct);
        Refuse(inserted == 0 ? waiting : null);
        await log.RecordAsync(new AccessEvent(by, "looks-propose", AccessOutcome.Ok, Detail: id), ct);
        return id;
    }

    /// <summary>Brings a draft into force. Nobody approves what they proposed.</summary>
    /// <returns>False when it is no draft any more, or is one's own.</returns>
    public Task<bool> ApproveAsync(string by, string id, CancellationToken ct) => DecideAsync(ApproveSql, "looks-approve", by, id, ct);

    /// <summary>Takes a draft back; who proposed it may, and every other data officer.</summary>
    public Task<bool> DeclineAsync(string by, string id, CancellationToken ct) => DecideAsync(DeclineSql, "looks-decline", by, id, ct);

    private async Task<bool> DecideAsync(string sql, string action, string by, string id, CancellationToken ct)
    {
        var isDone = await WriteAsync(sql, new { id, by, now = clock.GetUtcNow().ToUs() }, ct) > 0;
        _known = isDone && _known is { } known ? known with { TrustedUntil = default } : _known;
        await log.RecordAsync(new AccessEvent(by, action, isDone ? AccessOutcome.Ok : AccessOutcome.Failed, Detail: id), ct);
        return isDone;
    }

    private Task<int> WriteAsync(string sql, object parameters, CancellationToken ct) =>
        db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: ct)), ct);

    private static void Refuse(AccountProblem? problem)
    {
        if (problem is not null)
        {
            throw new AccountRuleException(problem);
        }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Body { get; init; } = "";
        public string Why { get; init; } = "";
        public string State { get; init; } = "";
        public string MadeBy { get; init; } = "";
        public long Made { get; init; }
        public string? DecidedBy { get; init; }
        public long? Decided { get; init; }

        /// <summary>A rule that a later program brought is as it came until somebody changes it.</summary>
        public LookPolicy Read(LookPolicy first)
        {
            var policy = LookPolicy.Parse(Encoding.UTF8.GetBytes(Body));
            return policy with { Rules = [.. first.Rules.Select(r => policy.Rules.FirstOrDefault(own => own.Code == r.Code) ?? r)], OtherDoors = first.OtherDoors };
        }

        public LookVersion ToVersion(LookPolicy first) => new(Id, Read(first), Why, State switch { "draft" => PolicyState.Draft, "approved" => PolicyState.Approved, _ => PolicyState.Declined }, MadeBy, Instants.FromUs(Made))
        {
            DecidedBy = DecidedBy,
            Decided = Decided is { } at ? Instants.FromUs(at) : null,
        };
    }

    private const string Columns = "id, body, why, state, made_by AS MadeBy, made, decided_by AS DecidedBy, decided";
    private const string CurrentSql = $"SELECT {Columns} FROM acc_look_policy WHERE state='approved' ORDER BY decided DESC, id DESC LIMIT 1";
    private const string ListSql = $"SELECT {Columns} FROM acc_look_policy ORDER BY made DESC, id DESC";
    private const string InsertSql = "INSERT INTO acc_look_policy(id, body, why, state, made_by, made) VALUES (@id, @body, @why, 'draft', @by, @now) ON CONFLICT DO NOTHING";
    private const string ApproveSql = "UPDATE acc_look_policy SET state='approved', decided_by=@by, decided=@now WHERE id=@id AND state='draft' AND made_by<>@by";
    private const string DeclineSql = "UPDATE acc_look_policy SET state='declined', decided_by=@by, decided=@now WHERE id=@id AND state='draft'";
}

/// <summary>One version of the rules about looks.</summary>
/// <param name="Made">When it was proposed.</param>
public sealed record LookVersion(string Id, LookPolicy Policy, string Why, PolicyState State, string MadeBy, DateTimeOffset Made)
{
    public string? DecidedBy { get; init; }
    public DateTimeOffset? Decided { get; init; }
}
