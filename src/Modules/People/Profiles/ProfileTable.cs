using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.People.Profiles;

/// <summary>Reads ppl_profile and ppl_block.</summary>
internal sealed class ProfileTable(Db db, TimeProvider clock)
{
    private static readonly TimeSpan CountFor = TimeSpan.FromHours(1);
    private (DateTimeOffset At, long People)? _counted;

    /// <summary>Those that share most keys first.</summary>
    public async Task<IReadOnlyList<ProfileRow>> FindAsync(IReadOnlyList<long> keys, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var found = await connection.QueryAsync<long>(new CommandDefinition(db.Sql(SelectSharing), new { keys = JsonSerializer.Serialize(keys), most }, cancellationToken: ct));
        return await ReadAsync(connection, found.AsList(), ct);
    }

    /// <summary>Who shares which of these keys.</summary>
    public async Task<ILookup<long, long>> SharingAsync(IReadOnlyCollection<long> keys, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<BlockRow>(new CommandDefinition(db.Sql(SelectBlocks), new { keys = JsonSerializer.Serialize(keys) }, cancellationToken: ct));
        return rows.ToLookup(r => r.H, r => r.N);
    }

    public async Task<IReadOnlyList<ProfileRow>> ReadAsync(IReadOnlyCollection<long> numbers, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await ReadAsync(connection, numbers, ct);
    }

    /// <summary>Some of the register from a place on, in the order of its numbers (which is no order of people).</summary>
    public async Task<IReadOnlyList<ProfileRow>> SampleAsync(long after, int count, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<ProfileRow>(new CommandDefinition(Select + " WHERE n > @after ORDER BY n LIMIT @count", new { after, count }, cancellationToken: ct))).AsList();
    }

    /// <summary>How many people there are, to the hour.</summary>
    public async Task<long> PeopleAsync(CancellationToken ct)
    {
        if (_counted is { } counted && clock.GetUtcNow() - counted.At < CountFor)
        {
            return counted.People;
        }

        await using var connection = await db.OpenAsync(ct);
        var people = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM ppl_profile", cancellationToken: ct));
        _counted = (clock.GetUtcNow(), people);
        return people;
    }

    private async Task<IReadOnlyList<ProfileRow>> ReadAsync(DbConnection connection, IReadOnlyCollection<long> numbers, CancellationToken ct) => numbers.Count == 0 ? []
        : (await connection.QueryAsync<ProfileRow>(new CommandDefinition(db.Sql(Select + " WHERE n {inlong:numbers}"), new { numbers = JsonSerializer.Serialize(numbers) }, cancellationToken: ct))).AsList();

    private sealed record BlockRow
    {
        public long H { get; init; }
        public long N { get; init; }
    }

    private const string Select = "SELECT n AS N, patient AS Patient, version AS Version, facts AS Facts, swept AS Swept, mother AS Mother FROM ppl_profile";
    private const string SelectBlocks = "SELECT h AS H, n AS N FROM ppl_block WHERE h {inlong:keys}";
    private const string SelectSharing = "SELECT n FROM ppl_block WHERE h {inlong:keys} GROUP BY n ORDER BY COUNT(*) DESC, n LIMIT @most";
}
