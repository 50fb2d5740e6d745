using Dapper;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store;

public sealed partial class RecordStore
{
    private const string CommitByKey = "SELECT tx AS Tx, at AS At, seq0 AS First, cnt AS Count FROM commit_log WHERE idem=@key";
    private const string VersionsOfCommit = "SELECT r.type AS Type, r.fid AS Id, v.vno AS Version FROM ver v JOIN res r ON r.rid=v.rid WHERE v.seq>=@from AND v.seq<@to ORDER BY v.seq";

    /// <summary>The commit that had this idempotency key, with the versions it made in their order; null when there was none.</summary>
    public async Task<CommitResult?> FindCommitAsync(string idempotencyKey, CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct).ConfigureAwait(false);
        var commit = await connection.QuerySingleOrDefaultAsync<CommitRow>(new CommandDefinition(
            Db.Sql(CommitByKey), new { key = _secret.HashIdempotency(idempotencyKey) }, cancellationToken: ct)).ConfigureAwait(false);
        if (commit is null)
        {
            return null;
        }

        var rows = await connection.QueryAsync<VersionRow>(new CommandDefinition(
            Db.Sql(VersionsOfCommit), new { from = commit.First, to = commit.First + commit.Count }, cancellationToken: ct)).ConfigureAwait(false);
        return new CommitResult(commit.Tx, Instants.FromMicroseconds(commit.At), true,
            [.. rows.Select(r => new WrittenVersion(ResourceTypes.Name(r.Type), r.Id, r.Version, true, r.Version == 1))]);
    }

    private sealed class CommitRow
    {
        public long Tx { get; init; }
        public long At { get; init; }
        public long First { get; init; }
        public long Count { get; init; }
    }

    private sealed class VersionRow
    {
        public short Type { get; init; }
        public string Id { get; init; } = "";
        public int Version { get; init; }
    }
}
