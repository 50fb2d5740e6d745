using System.Data.Common;
using Dapper;

namespace Mach.Store.Verification;

/// <summary>The list of replaced versions against the versions themselves.</summary>
internal static class PastCheck
{
    private const string Missing = """
        SELECT v.seq FROM res r JOIN ver v ON v.rid=r.rid LEFT JOIN past p ON p.type=r.type AND p.seq=v.seq
        WHERE r.vno>1 AND v.vno<r.vno AND p.seq IS NULL ORDER BY v.seq LIMIT 100
        """;

    private const string Extra = """
        SELECT p.seq FROM past p LEFT JOIN ver v ON v.seq=p.seq LEFT JOIN res r ON r.rid=v.rid AND r.type=p.type AND r.seq<>p.seq
        WHERE r.rid IS NULL ORDER BY p.seq LIMIT 100
        """;

    public static async Task RunAsync(DbConnection connection, Problems problems, CancellationToken ct)
    {
        foreach (var (sql, what) in new[] { (Missing, "is missing in"), (Extra, "does not belong in") })
        {
            foreach (var seq in await connection.QueryAsync<long>(new CommandDefinition(sql, cancellationToken: ct)).ConfigureAwait(false))
            {
                problems.Add($"version {seq}: {what} the list of replaced versions");
            }
        }
    }
}
