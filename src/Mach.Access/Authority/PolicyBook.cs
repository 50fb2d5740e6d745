using Dapper;
using Mach.Data;
using Mach.Kernel;

namespace Mach.Access.Authority;

/// <summary>
/// The access policy through time: the one that came with the program, and those that two data officers have put in its place. One proposes, another
/// brings it into force; nothing is deleted.
/// </summary>
public sealed class PolicyBook(Db db, TimeProvider clock, AccessLog log)
{
    public const int LeastWhy = 10;
    public const int MostWhy = 500;

    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);
    private (DateTimeOffset TrustedUntil, AccessPolicy Policy)? _known;

    /// <summary>The policy in force. Another server's change is known here after 15 seconds at most.</summary>
    public async ValueTask<AccessPolicy> CurrentAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_known is { } known && known.TrustedUntil > now)
        {
            return known.Policy;
        }

        await using var connection = await db.OpenAsync(ct);
        var body = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(CurrentSql, cancellationToken: ct));
        var policy = body is null ? AccessPolicy.Shipped : AccessPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(body));
        _known = (now + Trust, policy);
        return policy;
    }

    /// <summary>All versions that were ever proposed, the newest first.</summary>
    public async Task<IReadOnlyList<PolicyVersion>> ListAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(ListSql, cancellationToken: ct))).Select(r => r.ToVersion()).ToList();
        var force = rows.Where(r => r.State == PolicyState.Approved).MaxBy(r => r.Decided)?.Id;
        return [.. rows.Select(r => r.State == PolicyState.Approved && r.Id != force ? r with { State = PolicyState.Replaced } : r)];
    }

    /// <summary>Writes down a draft that waits for another data officer.</summary>
    /// <exception cref="AccountRuleException">The draft is none that could be in force, changes nothing, has no reason, or another one waits.</exception>
    public async Task<string> ProposeAsync(string by, AccessPolicy draft, string why, CancellationToken ct)
    {
        var reason = why.Trim();
        Refuse(draft.Check());
        Refuse(reason.Length is < LeastWhy or > MostWhy ? new("policy.why", $"Hãy ghi lý do, từ {LeastWhy} đến {MostWhy} ký tự.", $"Give a reason of {LeastWhy} to {MostWhy} characters.") : null);
        Refuse((await CurrentAsync(ct)).Differences(draft).Count == 0 ? new("policy.same", "Bản này không khác chính sách đang dùng.", "This changes nothing of the policy in force.") : null);
        var waiting = new AccountProblem("policy.waits", "Đã có một bản đang chờ; hãy duyệt hoặc rút bản đó trước.", "Another draft waits; decide on it first.");
        Refuse((await ListAsync(ct)).Any(v => v.State == PolicyState.Draft) ? waiting : null);
        var (id, now) = (Ids.New(), clock.GetUtcNow());
        var inserted = await WriteAsync(InsertSql, new { id, body = draft.ToJson(), why = reason, by, now = now.ToUs() }, ct);
        Refuse(inserted == 0 ? waiting : null);
        await log.RecordAsync(new AccessEvent(by, "policy-propose", AccessOutcome.Ok, Detail: id), ct);
        return id;
    }

    /// <summary>Brings a draft into force. Nobody approves what they proposed.</summary>
    /// <returns>False when it is no draft any more, or is one's own.</returns>
    public Task<bool> ApproveAsync(string by, string id, CancellationToken ct) => DecideAsync(ApproveSql, "policy-approve", by, id, ct);

    /// <summary>Takes a draft back; who proposed it may, and every other data officer.</summary>
    public Task<bool> DeclineAsync(string by, string id, CancellationToken ct) => DecideAsync(DeclineSql, "policy-decline", by, id, ct);

    private async Task<bool> DecideAsync(string sql, string action, string by, string id, CancellationToken ct)
    {
        if (await WriteAsync(sql, new { id, by, now = clock.GetUtcNow().ToUs() }, ct) == 0)
        {
            await log.RecordAsync(new AccessEvent(by, action, AccessOutcome.Failed, Detail: id), ct);
            return false;
        }

        _known = null;
        await log.RecordAsync(new AccessEvent(by, action, AccessOutcome.Ok, Detail: id), ct);
        return true;
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

        public PolicyVersion ToVersion() => new(Id, AccessPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(Body)), Why,
            State switch { "draft" => PolicyState.Draft, "approved" => PolicyState.Approved, _ => PolicyState.Declined }, MadeBy, Instants.FromUs(Made))
        {
            DecidedBy = DecidedBy,
            Decided = Decided is { } at ? Instants.FromUs(at) : null,
        };
    }

    private const string CurrentSql = "SELECT body FROM acc_policy WHERE state='approved' ORDER BY decided DESC, id DESC LIMIT 1";
    private const string ListSql = "SELECT id, body, why, state, made_by AS MadeBy, made, decided_by AS DecidedBy, decided FROM acc_policy ORDER BY made DESC, id DESC";
    private const string InsertSql = "INSERT INTO acc_policy(id, body, why, state, made_by, made) VALUES (@id, @body, @why, 'draft', @by, @now) ON CONFLICT DO NOTHING";
    private const string ApproveSql = "UPDATE acc_policy SET state='approved', decided_by=@by, decided=@now WHERE id=@id AND state='draft' AND made_by<>@by";
    private const string DeclineSql = "UPDATE acc_policy SET state='declined', decided_by=@by, decided=@now WHERE id=@id AND state='draft'";
}

public enum PolicyState
{
    /// <summary>Waits for another data officer.</summary>
    Draft,

    /// <summary>In force.</summary>
    Approved,

    /// <summary>Was in force.</summary>
    Replaced,

    /// <summary>Was never in force.</summary>
    Declined,
}

/// <summary>One version of the policy.</summary>
/// <param name="Made">When it was proposed.</param>
public sealed record PolicyVersion(string Id, AccessPolicy Policy, string Why, PolicyState State, string MadeBy, DateTimeOffset Made)
{
    public string? DecidedBy { get; init; }
    public DateTimeOffset? Decided { get; init; }
}
