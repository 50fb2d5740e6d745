using Dapper;
using Mach.Data;

namespace Mach.Indicators.Plans;

/// <summary>One planned amount.</summary>
/// <param name="Place">f:{facility}, t:{tier} or *.</param>
public sealed record PlanEntry(string Place, decimal Value, int Version, string Who, DateTimeOffset At, string Why);

/// <summary>Plans by indicator, year and place, in versions: an earlier one is never lost.</summary>
internal sealed class PlanBook(Db db, TimeProvider clock)
{
    private const string Newest = """
        SELECT p.place, p.version, p.v, p.who, p.at_us, p.why FROM ind_plan p
        WHERE p.indicator=@indicator AND p.year=@year AND p.version=(SELECT MAX(q.version) FROM ind_plan q WHERE q.indicator=p.indicator AND q.year=p.year AND q.place=p.place)
        ORDER BY p.place
        """;

    private const string Insert = """
        INSERT INTO ind_plan(indicator, year, place, version, v, who, at_us, why)
        SELECT @indicator, @year, @place, COALESCE(MAX(version), 0) + 1, @v, @who, @at, @why FROM ind_plan WHERE indicator=@indicator AND year=@year AND place=@place
        """;

    private sealed record Row
    {
        public string Place { get; init; } = "";
        public int Version { get; init; }
        public long? V { get; init; }
        public string Who { get; init; } = "";
        public long At_Us { get; init; }
        public string Why { get; init; } = "";
    }

    public async Task<IReadOnlyList<PlanEntry>> ReadAsync(string indicator, int year, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(Newest, new { indicator, year }, cancellationToken: ct))).Where(r => r.V is not null).Select(r => new PlanEntry(r.Place, r.V!.Value / 100m, r.Version, r.Who, Instants.FromMicroseconds(r.At_Us), r.Why))];
    }

    /// <summary>Writes what differs, as new versions.</summary>
    /// <param name="wanted">All that is planned from now on: a place that is not named is no longer planned.</param>
    /// <param name="shown">What the writer saw; when the newest differs from it, somebody else was first.</param>
    /// <returns>Number of places that were changed; -1 when somebody else was first, and nothing was written.</returns>
    public async Task<int> WriteAsync(string indicator, int year, IReadOnlyDictionary<string, decimal> wanted, string shown, string who, string why, CancellationToken ct)
    {
        await using var session = await db.BeginWriteAsync(ct);
        var newest = (await session.Connection.QueryAsync<Row>(new CommandDefinition(Newest, new { indicator, year }, session.Transaction, cancellationToken: ct))).ToList();
        var now = newest.Where(r => r.V is not null).ToDictionary(r => r.Place, r => r.V!.Value / 100m, StringComparer.Ordinal);
        if (Mark(now) != shown)
        {
            return -1;
        }

        var changed = wanted.Where(w => !now.TryGetValue(w.Key, out var v) || v != w.Value).Select(w => (w.Key, V: (long?)decimal.Round(w.Value * 100))).Concat(now.Keys.Except(wanted.Keys).Select(k => (k, (long?)null))).ToList();
        foreach (var (place, v) in changed)
        {
            await session.Connection.ExecuteAsync(new CommandDefinition(Insert, new { indicator, year, place, v, who, at = Instants.ToMicroseconds(clock.GetUtcNow()), why }, session.Transaction, cancellationToken: ct));
        }

        await session.CommitAsync(ct);
        return changed.Count;
    }

    /// <summary>One short text of a plan: two plans have the same exactly when they are the same.</summary>
    public static string Mark(IReadOnlyDictionary<string, decimal> plan) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        string.Join('\n', plan.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{p.Key}={p.Value:0.##}"))))))[..16];
}
