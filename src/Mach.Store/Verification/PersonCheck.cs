using System.Data.Common;
using Dapper;
using Mach.Store.Writing;

namespace Mach.Store.Verification;

/// <summary>Which records are one person's, against the links that the Patients carry.</summary>
internal static class PersonCheck
{
    private const string All = "SELECT pk, grp FROM person";

    public static async Task RunAsync(DbConnection connection, Problems problems, CancellationToken ct)
    {
        var expected = await PersonGroups.AllAsync(connection, null, ct).ConfigureAwait(false);
        foreach (var (pk, grp) in await connection.QueryAsync<(long, long)>(new CommandDefinition(All, cancellationToken: ct)).ConfigureAwait(false))
        {
            if (!expected.Remove(pk, out var group) || group != grp)
            {
                problems.Add($"person: resource {pk} counts as one person with {grp}, which its links do not say");
            }
        }

        foreach (var (pk, group) in expected)
        {
            problems.Add($"person: resource {pk} is linked with {group}, and does not count as one person with it");
        }
    }
}
