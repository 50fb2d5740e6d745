using System.Data.Common;
using Dapper;
using Mach.Data;
using Mach.Fhir.Search;

namespace Mach.Store.Writing;

/// <summary>
/// Which records are one person's (table person): Patients that refer to each other by <c>Patient.link</c>, and whoever is reached over them. A link that only
/// one side carries joins nobody: else a facility that writes into its own Patient that it is one with somebody else's would open that one's record.
/// </summary>
internal static class PersonGroups
{
    private const string Done = "person.1";
    private const string Together = "SELECT q.pk FROM person p JOIN person q ON q.grp=p.grp WHERE p.pk {longs:ids}";
    private const string LinksTo = "SELECT tgt AS a, rid AS b FROM ref WHERE p=@link AND tgt {longs:ids}";
    private const string AllLinks = "SELECT l.tgt AS a, l.rid AS b FROM ref l JOIN res r ON r.rid=l.tgt AND r.type=103 WHERE l.p=@link";
    private const string Forget = "DELETE FROM person WHERE pk {longs:ids}";
    private const string Insert = "INSERT INTO person(pk, grp) VALUES(@pk, @grp)";
    private const string IsDone = "SELECT COUNT(*) FROM setting WHERE name=@name";
    private const string NoteDone = "INSERT INTO setting(name, value) VALUES(@name, @value)";
    private const string OneAtATime = "UPDATE counter SET n=n WHERE id=1";

    private static readonly short PatientLink = SearchParameters.Find("Patient", "link")!.Number;

    /// <summary>After the index rows of a group were written: makes the groups anew of everybody whose links have changed.</summary>
    public static async Task MendAsync(Db db, WriteSession session, IEnumerable<Head> changed, CancellationToken ct)
    {
        var touched = changed.Where(h => h.Type == GroupState.PatientType).SelectMany(Touched).ToHashSet();
        if (touched.Count == 0)
        {
            return;
        }

        // Links come and go between those touched alone, so whoever else belongs to them belonged to them before.
        touched.UnionWith(await AskAsync<long>(db, session, Together, touched, ct).ConfigureAwait(false));
        var links = await AskAsync<(long A, long B)>(db, session, LinksTo, touched, ct).ConfigureAwait(false);
        await session.Connection.ExecuteAsync(Command(db, session, Forget, touched, ct)).ConfigureAwait(false);
        await WriteAsync(session, Groups(links), ct).ConfigureAwait(false);
    }

    /// <summary>Fills the table of a store that was written by an earlier program.</summary>
    public static async Task KeepAsync(Db db, CancellationToken ct)
    {
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(IsDone, new { name = Done }, cancellationToken: ct)).ConfigureAwait(false) > 0)
            {
                return;
            }
        }

        await using var session = await db.BeginWriteAsync(ct).ConfigureAwait(false);
        // As any group of writes does: two programs may start at once.
        await session.Connection.ExecuteAsync(new CommandDefinition(OneAtATime, transaction: session.Transaction, cancellationToken: ct)).ConfigureAwait(false);
        if (await session.Connection.ExecuteScalarAsync<long>(new CommandDefinition(IsDone, new { name = Done }, session.Transaction, cancellationToken: ct)).ConfigureAwait(false) == 0)
        {
            await WriteAsync(session, await AllAsync(session.Connection, session.Transaction, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            await session.Connection.ExecuteAsync(new CommandDefinition(NoteDone, new { name = Done, value = new byte[] { 1 } }, session.Transaction, cancellationToken: ct)).ConfigureAwait(false);
            await session.CommitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>What the table has to hold: Patient and group, from all links there are.</summary>
    public static async Task<Dictionary<long, long>> AllAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct) =>
        Groups(await connection.QueryAsync<(long A, long B)>(new CommandDefinition(AllLinks, new { link = PatientLink }, transaction, commandTimeout: 0, cancellationToken: ct)).ConfigureAwait(false));

    /// <summary>The Patient and whom it no longer refers to, or refers to now; nobody when that stayed as it was.</summary>
    private static IEnumerable<long> Touched(Head head)
    {
        var before = Targets(head.Stored?.Keys ?? HeadKeys.None);
        before.SymmetricExceptWith(Targets(head.State == HeadState.Current ? head.Keys : HeadKeys.None));
        return before.Count == 0 ? [] : before.Append(head.Rid);
    }

    private static HashSet<long> Targets(HeadKeys keys) => [.. keys.References.Where(r => r.Parameter == PatientLink).Select(r => r.Target)];

    /// <summary>By Patient the lowest number that can be reached over links which both sides carry.</summary>
    private static Dictionary<long, long> Groups(IEnumerable<(long A, long B)> links)
    {
        var said = links.Where(l => l.A != l.B).ToHashSet();
        var neighbours = said.Where(l => said.Contains((l.B, l.A))).ToLookup(l => l.A, l => l.B);
        var groups = new Dictionary<long, long>();
        foreach (var first in neighbours.Select(n => n.Key).Order().Where(pk => !groups.ContainsKey(pk)))
        {
            var open = new Stack<long>([first]);
            while (open.TryPop(out var pk))
            {
                if (groups.TryAdd(pk, first))
                {
                    foreach (var next in neighbours[pk])
                    {
                        open.Push(next);
                    }
                }
            }
        }

        return groups;
    }

    private static Task WriteAsync(WriteSession session, Dictionary<long, long> groups, CancellationToken ct) => groups.Count == 0
        ? Task.CompletedTask
        : session.Connection.ExecuteAsync(new CommandDefinition(Insert, groups.Select(g => new { pk = g.Key, grp = g.Value }), session.Transaction, cancellationToken: ct));

    private static Task<IEnumerable<T>> AskAsync<T>(Db db, WriteSession session, string sql, IReadOnlyCollection<long> ids, CancellationToken ct) =>
        session.Connection.QueryAsync<T>(Command(db, session, sql, ids, ct));

    private static CommandDefinition Command(Db db, WriteSession session, string sql, IReadOnlyCollection<long> ids, CancellationToken ct) =>
        new(db.Sql(sql), new { ids = Longs(db, ids), link = PatientLink }, session.Transaction, cancellationToken: ct);

    private static object Longs(Db db, IReadOnlyCollection<long> ids) => db.Engine == DbEngine.Postgres ? ids.ToArray() : System.Text.Json.JsonSerializer.Serialize(ids);
}
