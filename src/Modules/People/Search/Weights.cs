using Dapper;
using Mach.Data;
using Mach.People.Matching;
using Mach.People.Profiles;

namespace Mach.People.Search;

/// <summary>The weight table in use, and learning a new one from the register.</summary>
internal sealed class Weights(Db db, ProfileTable profiles, TimeProvider clock)
{
    private const int Sample = 200_000, Least = 2_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private (DateTimeOffset Read, WeightTable Table)? _current;

    /// <summary>The newest one that was learned here, else the one that ships. Another process's is seen within a minute.</summary>
    public async Task<WeightTable> CurrentAsync(CancellationToken ct)
    {
        if (_current is { } current && clock.GetUtcNow() - current.Read < KeptFor)
        {
            return current.Table;
        }

        await using var connection = await db.OpenAsync(ct);
        var body = await connection.QueryFirstOrDefaultAsync<byte[]>(new CommandDefinition("SELECT body FROM ppl_weight ORDER BY made_us DESC LIMIT 1", cancellationToken: ct));
        var table = body is null ? WeightTable.Shipped : WeightTable.Read(body);
        _current = (clock.GetUtcNow(), table);
        return table;
    }

    /// <summary>Every version, the newest first; the one that ships is the last and has the key 0.</summary>
    /// <returns>Key (when it was made, microseconds), who made it, the table.</returns>
    public async Task<IReadOnlyList<(long Key, string By, WeightTable Table)>> AllAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<LearnedRow>(new CommandDefinition("SELECT made_us AS MadeUs, made_by AS MadeBy, body AS Body FROM ppl_weight ORDER BY made_us DESC", cancellationToken: ct));
        return [.. rows.Select(r => (r.MadeUs, r.MadeBy, WeightTable.Read(r.Body))), (0, "", WeightTable.Shipped)];
    }

    /// <summary>Learns from up to 200,000 people; the new table is kept under its date and used from now on. Thresholds stay.</summary>
    /// <exception cref="InvalidOperationException">There are too few people to learn from.</exception>
    public async Task<WeightTable> LearnAsync(string actor, CancellationToken ct)
    {
        var people = new List<Candidate>();
        for (var after = long.MinValue; people.Count < Sample;)
        {
            var rows = await profiles.SampleAsync(after, 10_000, ct);
            people.AddRange(rows.Select(r => new Candidate(r.Read())).Where(p => !p.Facts.IsTest));
            if (rows.Count < 10_000)
            {
                break;
            }

            after = rows[^1].N;
        }

        if (people.Count < Least)
        {
            throw new InvalidOperationException($"There are {people.Count} people here; at least {Least} are needed to learn from. The table that ships stays in use.");
        }

        var now = clock.GetUtcNow();
        var learned = Learning.Learn(people, await CurrentAsync(ct), $"{now:yyyy-MM-dd HH:mm} UTC, {people.Count} people");
        await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO ppl_weight(made_us, made_by, body) VALUES (@at, @actor, @body)", new { at = Instants.Us(now), actor, body = learned.Write() }, transaction, cancellationToken: ct)), ct);
        _current = null;
        return learned;
    }

    private sealed record LearnedRow
    {
        public long MadeUs { get; init; }
        public string MadeBy { get; init; } = "";
        public byte[] Body { get; init; } = [];
    }
}
