using System.Text.Json;
using Dapper;
using Mach.Store.Reading;

namespace Mach.Store;

/// <summary>Under which commit a version was written.</summary>
/// <param name="Seq">Number of the version.</param>
/// <param name="Actor">Account name, client id or door.</param>
/// <param name="Beside">Versions of the type asked for that the same commit wrote.</param>
public sealed record WrittenTogether(long Seq, string Actor, IReadOnlyList<StoredResource> Beside);

public sealed partial class RecordStore
{
    private const string ActorsOf = "SELECT v.seq AS Seq, c.actor AS Actor FROM ver v JOIN commit_log c ON c.tx=v.tx WHERE v.seq {inlong:seqs}";

    private const string BesideSql = $"""
        SELECT {ResourceRow.Columns}, p.seq FROM ver p JOIN commit_log c ON c.tx=p.tx JOIN ver v ON v.seq>=c.seq0 AND v.seq<c.seq0+c.cnt JOIN res r ON r.rid=v.rid
        WHERE p.seq {"{inlong:seqs}"} AND r.type=@type ORDER BY p.seq, v.seq
        """;

    /// <summary>Who wrote these versions, and what of one type was written in the same breath: the visit whose dossier changed a person, for one. Unknown numbers are left out.</summary>
    public async Task<IReadOnlyDictionary<long, WrittenTogether>> TogetherAsync(IReadOnlyCollection<long> seqs, string type, CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct).ConfigureAwait(false);
        var parameters = new { seqs = JsonSerializer.Serialize(seqs), type = TypeNumber(type) };
        var actors = await connection.QueryAsync<ActorRow>(new CommandDefinition(Db.Sql(ActorsOf), parameters, cancellationToken: ct)).ConfigureAwait(false);
        var beside = new List<(long Seq, StoredResource Resource)>();
        await using (var reader = await connection.ExecuteReaderAsync(new CommandDefinition(Db.Sql(BesideSql), parameters, cancellationToken: ct)).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                beside.Add((reader.GetInt64(11), ResourceRow.Read(reader, Db.Keys).Resource));
            }
        }

        var bySeq = beside.ToLookup(b => b.Seq, b => b.Resource);
        return actors.ToDictionary(a => a.Seq, a => new WrittenTogether(a.Seq, a.Actor, [.. bySeq[a.Seq]]));
    }

    private sealed class ActorRow
    {
        public long Seq { get; init; }
        public string Actor { get; init; } = "";
    }
}
