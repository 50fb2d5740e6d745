using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Hashing;

namespace Mach.Store.Verification;

/// <summary>One run of verification over one moment of the store, so that a hub may go on writing: the log first, then heads, then the index rows.</summary>
internal sealed class Verifier(Db db, StoreSecret secret, SearchCatalog catalog, IProgress<(string Step, long Done, long Total)>? progress)
{
    private const int MostBuckets = 16;
    private readonly Problems _problems = new();

    public async Task<VerifyReport> RunAsync(CancellationToken ct)
    {
        await using var moment = await db.BeginReadAsync(ct).ConfigureAwait(false);
        var connection = moment.Connection;
        var log = new LogCheck(connection, db.Keys, _problems, progress);
        await log.RunAsync(ct).ConfigureAwait(false);

        var expected = new RowDigests(secret);
        var heads = new HeadCheck(db, connection, secret, catalog, progress);
        await heads.RunAsync(_problems, expected.Add, ct).ConfigureAwait(false);

        await PastCheck.RunAsync(connection, _problems, ct).ConfigureAwait(false);
        await PersonCheck.RunAsync(connection, _problems, ct).ConfigureAwait(false);
        var actual = new RowDigests(secret);
        var index = new IndexCheck(connection, progress);
        await index.ReadAsync(actual.Add, ct).ConfigureAwait(false);
        await index.CheckUniqueAsync(_problems, ct).ConfigureAwait(false);
        var suspects = expected.Differences(actual);
        if (suspects.Count > 0)
        {
            await NameDifferencesAsync(heads, index, suspects, ct).ConfigureAwait(false);
        }

        return new VerifyReport(log.Commits, log.Versions, heads.Count, actual.Count, _problems.Named);
    }

    // Only the rows of a few suspicious buckets are held in memory, whatever the size of the store.
    private async Task NameDifferencesAsync(HeadCheck heads, IndexCheck index, IReadOnlyList<int> suspects, CancellationToken ct)
    {
        var looked = suspects.Take(MostBuckets).ToHashSet();
        var (expected, actual) = (new HashSet<IndexRow>(), new HashSet<IndexRow>());
        await heads.RunAsync(new Problems(), (in IndexRow row) => Keep(expected, in row), ct).ConfigureAwait(false);
        await index.ReadAsync((in IndexRow row) => Keep(actual, in row), ct).ConfigureAwait(false);
        foreach (var row in expected.Except(actual))
        {
            _problems.Add($"index: missing {row}");
        }

        foreach (var row in actual.Except(expected))
        {
            _problems.Add($"index: extra {row}");
        }

        if (suspects.Count > MostBuckets)
        {
            _problems.Add($"index: rows of {suspects.Count} of {RowDigests.Buckets} groups of resources differ; {MostBuckets} groups were looked into");
        }

        void Keep(HashSet<IndexRow> rows, in IndexRow row)
        {
            if (looked.Contains(RowDigests.BucketOf(row.Rid)))
            {
                rows.Add(row);
            }
        }
    }
}

/// <summary>What was found, the first hundred by name.</summary>
internal sealed class Problems
{
    private const int Most = 100;
    private readonly List<string> _named = [];

    public int Count { get; private set; }

    public bool Full => Count >= Most;

    public IReadOnlyList<string> Named => Count > _named.Count ? [.. _named, $"… and {Count - _named.Count} more"] : _named;

    public void Add(string problem)
    {
        Count++;
        if (_named.Count < Most)
        {
            _named.Add(problem);
        }
    }
}
