using Dapper;
using Mach.Data;
using Mach.Ui;

namespace Mach.Indicators.Subscriptions;

/// <summary>Who wants which report, and how far it was read.</summary>
internal sealed class SubscriptionBook(Db db, TimeProvider clock)
{
    private const string Of = "SELECT report, cadence, since, seen FROM ind_subscription WHERE account=@account ORDER BY report, cadence";
    private const string Insert = "INSERT INTO ind_subscription(account, report, cadence, since, seen) VALUES(@account, @report, @cadence, @since, 0) ON CONFLICT(account, report, cadence) DO NOTHING";
    private const string Delete = "DELETE FROM ind_subscription WHERE account=@account AND report=@report AND cadence=@cadence";
    private const string See = "UPDATE ind_subscription SET seen=@seen WHERE account=@account AND report=@report AND cadence=@cadence AND seen<@seen";

    public async Task<IReadOnlyList<Subscription>> ListAsync(string account, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<(string Report, string Cadence, int Since, int Seen)>(new CommandDefinition(Of, new { account }, cancellationToken: ct)))
            .Select(r => new Subscription(account, r.Report, r.Cadence, DateOnly.FromDayNumber(r.Since), r.Seen == 0 ? null : DateOnly.FromDayNumber(r.Seen)))];
    }

    /// <summary>Ordered twice is ordered once.</summary>
    public Task AddAsync(string account, string report, string cadence, CancellationToken ct) => WriteAsync(Insert, new { account, report, cadence, since = Dates.Today(clock).DayNumber }, ct);

    public Task RemoveAsync(Subscription of, CancellationToken ct) => WriteAsync(Delete, new { account = of.Account, report = of.Report, cadence = of.Cadence }, ct);

    /// <summary>A period was opened; one that is older than what was opened before changes nothing.</summary>
    public Task SeeAsync(Subscription of, DateOnly last, CancellationToken ct) => WriteAsync(See, new { account = of.Account, report = of.Report, cadence = of.Cadence, seen = last.DayNumber }, ct);

    /// <summary>Reports that have a period nobody opened yet.</summary>
    public async Task<int> NewAsync(string account, CancellationToken ct)
    {
        var today = Dates.Today(clock);
        return (await ListAsync(account, ct)).Count(s => s.Ended(today) is [var newest, ..] && (s.Seen is null || s.Seen < newest.To));
    }

    private Task<int> WriteAsync(string sql, object values, CancellationToken ct) => db.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(sql, values, transaction, cancellationToken: ct)), ct);
}
