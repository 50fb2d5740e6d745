using System.Globalization;
using Dapper;
using Mach.Data;

namespace Mach.Access.Audit;

/// <summary>Which lines are asked for; what is null does not matter.</summary>
/// <param name="FromUs">At or after, microseconds since 1970-01-01 UTC.</param>
/// <param name="ToUs">Before.</param>
public sealed record AuditFilter(string? Person = null, string? Actor = null, string? Facility = null, AuditAction? Action = null, string? What = null, AccessOutcome? Outcome = null, string? Address = null, long? FromUs = null, long? ToUs = null)
{
    /// <summary>Proofs of who somebody is (true), or everything else (false).</summary>
    public bool? IsSignIn { get; init; }
}

/// <summary>A line as it stands in the trail.</summary>
public sealed record AuditLine(string Chain, long Seq, AuditEntry Entry)
{
    /// <summary>Chain and number.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Chain}-{Seq}");

    public DateTimeOffset At => Instants.FromUs(Entry.AtUs);
}

/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record AuditPage(IReadOnlyList<AuditLine> Lines, string? Next);

/// <summary>Reads the audit trail, newest first. What this process appended before the call is seen.</summary>
public sealed class AuditReader
{
    private readonly Db _db;
    private readonly AuditMover _mover;

    internal AuditReader(Db db, AuditMover mover) => (_db, _mover) = (db, mover);

    /// <summary>One page.</summary>
    /// <param name="after">The end of the page before; null = from the newest.</param>
    /// <param name="oldestFirst">From the oldest on instead.</param>
    public async Task<AuditPage> ListAsync(AuditFilter filter, int count, string? after, CancellationToken ct, bool oldestFirst = false)
    {
        await _mover.DrainAsync(ct);
        var parameters = Parameters(filter);
        var where = Where(filter);
        if (TryReadCursor(after, out var at, out var chain, out var seq))
        {
            where += $" AND (a.at, a.chain, a.seq) {(oldestFirst ? '>' : '<')} (@at, @chain, @seq)";
            parameters.Add("at", at);
            parameters.Add("chain", chain);
            parameters.Add("seq", seq);
        }

        parameters.Add("count", count + 1);
        await using var connection = await _db.OpenAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT a.chain, a.seq, a.body FROM {From(filter)} WHERE {where} ORDER BY {Order(filter, oldestFirst)} LIMIT @count", parameters, cancellationToken: ct))).AsList();
        var lines = rows.Take(count).Select(r => r.ToLine()).ToList();
        return new AuditPage(lines, rows.Count > count && lines.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{lines[^1].Entry.AtUs}.{lines[^1].Chain}.{lines[^1].Seq}") : null);
    }

    /// <summary>One line by its id; null when there is none.</summary>
    public async Task<AuditLine?> FindAsync(string id, CancellationToken ct)
    {
        var dash = id.LastIndexOf('-');
        if (dash < 1 || !long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            return null;
        }

        await _mover.DrainAsync(ct);
        await using var connection = await _db.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(FindSql, new { chain = id[..dash], seq }, cancellationToken: ct));
        return row?.ToLine();
    }

    /// <summary>Number of lines.</summary>
    public async Task<long> CountAsync(AuditFilter filter, CancellationToken ct)
    {
        await _mover.DrainAsync(ct);
        await using var connection = await _db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) FROM {From(filter)} WHERE {Where(filter)}", Parameters(filter), cancellationToken: ct));
    }

    /// <summary>Number of lines on each day in Viet Nam, oldest first; days without any are left out.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, long Count)>> DaysAsync(AuditFilter filter, CancellationToken ct)
    {
        await _mover.DrainAsync(ct);
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<DayRow>(new CommandDefinition(
            $"SELECT (a.at + 25200000000) / 86400000000 AS Day, COUNT(*) AS Count FROM {From(filter)} WHERE {Where(filter)} GROUP BY 1 ORDER BY 1", Parameters(filter), cancellationToken: ct));
        return [.. rows.Select(r => (DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)r.Day), r.Count))];
    }

    private static string From(AuditFilter filter) => filter.Person is null ? "acc_audit a" : "acc_audit_person p JOIN acc_audit a ON a.chain = p.chain AND a.seq = p.seq";

    // The index of persons has the order too.
    private static string Order(AuditFilter filter, bool oldestFirst)
    {
        var (table, way) = (filter.Person is null ? 'a' : 'p', oldestFirst ? "" : " DESC");
        return $"{table}.at{way}, {table}.chain{way}, {table}.seq{way}";
    }

    private static string Where(AuditFilter filter)
    {
        var all = new List<string> { "1 = 1" };
        void Add(object? given, string condition)
        {
            if (given is not null)
            {
                all.Add(condition);
            }
        }

        Add(filter.Person, "p.person = @person");
        Add(filter.Actor, "a.actor = @actor");
        Add(filter.Facility, "a.facility = @facility");
        Add(filter.Action, "a.action = @action");
        Add(filter.What, "a.what = @what");
        Add(filter.Outcome, "a.outcome = @outcome");
        Add(filter.Address, "a.address = @address");
        Add(filter.FromUs, "a.at >= @from");
        Add(filter.ToUs, "a.at < @to");
        Add(filter.IsSignIn, $"a.what {(filter.IsSignIn == true ? "" : "NOT ")}IN ({string.Join(", ", AuditEvents.SignIns.Select(w => $"'{w}'"))})");
        return string.Join(" AND ", all);
    }

    private static DynamicParameters Parameters(AuditFilter filter)
    {
        var parameters = new DynamicParameters();
        void Add(string name, object? value)
        {
            if (value is not null)
            {
                parameters.Add(name, value);
            }
        }

        Add("person", filter.Person);
        Add("actor", filter.Actor);
        Add("facility", filter.Facility);
        Add("action", filter.Action is { } action ? AuditTables.Letter(action) : null);
        Add("what", filter.What);
        Add("outcome", filter.Outcome?.ToString().ToLowerInvariant());
        Add("address", filter.Address);
        Add("from", filter.FromUs);
        Add("to", filter.ToUs);
        return parameters;
    }

    private static bool TryReadCursor(string? after, out long at, out string chain, out long seq)
    {
        (at, chain, seq) = (0, "", 0);
        if (after?.Split('.') is not [var first, var second, var third])
        {
            return false;
        }

        chain = second;
        return long.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out at) && long.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out seq);
    }

    private sealed class Row
    {
        public string Chain { get; init; } = "";
        public long Seq { get; init; }
        public byte[] Body { get; init; } = [];

        public AuditLine ToLine() => new(Chain, Seq, AuditEntry.Parse(Body));
    }

    private sealed class DayRow
    {
        public long Day { get; init; }
        public long Count { get; init; }
    }

    private const string FindSql = "SELECT chain, seq, body FROM acc_audit WHERE chain = @chain AND seq = @seq";
}
