using Dapper;
using Mach.Data;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.People.Search;
using Mach.Store;

namespace Mach.People.Pairs;

/// <summary>What a sweep did.</summary>
internal readonly record struct Swept(int People, int Linked, int Asked);

/// <summary>
/// Compares people whose facts are new with everybody: links what is certain, asks about what is probable. Runs behind the doors and never in their way; it goes on where it stopped.
/// </summary>
internal sealed class Sweep(RecordStore store, Follower follower, ProfileTable profiles, Mothers mothers, PairTable pairs, Verdicts verdicts, Weights weights, TimeProvider clock)
{
    private const int Step = 200;
    private const string Cursor = "sweep", MothersCursor = "sweep-mothers";

    /// <summary>One step of at most 200 changed Patients, and as many whose mother was said or taken away; none left = People is 0.</summary>
    public async Task<Swept> StepAsync(CancellationToken ct)
    {
        while (!await follower.CatchUpAsync(ct))
        {
        }

        var after = await Follower.ReadCursorAsync(store.Db, Cursor, ct);
        var changed = await store.ChangedAsync("Patient", after, Step, ct);
        var related = await mothers.ChangedAsync(MothersCursor, ct);
        if (changed.Count + related.Count == 0)
        {
            return default;
        }

        var people = changed.Where(p => !p.IsDeleted).Select(p => p.Id).Concat(await mothers.ChildrenAsync(related, ct));
        var rows = await profiles.ReadAsync([.. people.Select(Profile.NumberOf).Distinct()], ct);
        var fresh = rows.Where(r => r.Swept != Profile.HashOf(r)).ToList();
        var (linked, asked) = await CompareAsync(fresh, ct);
        await FinishAsync(fresh, [.. changed.TakeLast(1).Select(p => Follower.CursorRow(Cursor, p.Seq)), .. related.TakeLast(1).Select(r => Follower.CursorRow(MothersCursor, r.Seq))], ct);
        return new Swept(changed.Count + related.Count, linked, asked);
    }

    private async Task<(int Linked, int Asked)> CompareAsync(List<ProfileRow> fresh, CancellationToken ct)
    {
        var people = fresh.Select(r => (Row: r, Person: new Candidate(r.Read()))).Where(p => !p.Person.Facts.IsDisputed).ToList();
        var keys = people.ConvertAll(p => BlockingKeys.Of(p.Person));
        var sharing = await profiles.SharingAsync([.. keys.SelectMany(k => k).Distinct()], ct);
        var others = new Dictionary<long, (ProfileRow Row, Candidate Person)>();
        foreach (var chunk in sharing.SelectMany(s => s).Distinct().Chunk(5_000))
        {
            foreach (var row in await profiles.ReadAsync(chunk, ct))
            {
                others[row.N] = (row, new Candidate(row.Read()));
            }
        }

        var known = (await pairs.OfAsync([.. people.Select(p => p.Row.Patient)], ct)).Select(p => (p.PatientA, p.PatientB)).ToHashSet();
        var table = await weights.CurrentAsync(ct);
        var judge = new Judge(table, await profiles.PeopleAsync(ct));
        var (linked, ask) = (0, new Dictionary<(string, string), PairRow>());
        for (var i = 0; i < people.Count; i++)
        {
            var (row, person) = people[i];
            foreach (var other in keys[i].SelectMany(k => sharing[k]).Distinct().Where(n => n != row.N && others.ContainsKey(n)).Select(n => others[n]))
            {
                var ids = PairRow.Order(row.Patient, other.Row.Patient);
                if (other.Person.Facts.IsDisputed || known.Contains(ids) || judge.Weigh(person, other.Person) is not { Grade: not Grade.Apart } judgement)
                {
                    continue;
                }

                var pair = PairRow.Of(ids.A, ids.B, PairRow.Waiting, judgement, table.Version, Instants.Us(clock.GetUtcNow()));
                known.Add(ids);
                if (judgement.Grade == Grade.Link && await verdicts.DecideAsync(new VerdictWanted(ids.A, ids.B, PairRow.Same, Verdicts.Machine, table.Version) { Weighed = pair }, ct) == VerdictOutcome.Done)
                {
                    linked++;
                }
                else
                {
                    ask[ids] = pair;
                }
            }
        }

        await store.Db.WriteAsync(async (connection, transaction) =>
        {
            if (ask.Count > 0)
            {
                await store.Db.InsertAsync(connection, transaction, PairTable.Row([.. ask.Values]), ct);
            }

            return 0;
        }, ct);
        return (linked, ask.Count);
    }

    private Task<int> FinishAsync(List<ProfileRow> fresh, List<TableRows> reached, CancellationToken ct) => store.Db.WriteAsync(async (connection, transaction) =>
    {
        foreach (var row in fresh)
        {
            await connection.ExecuteAsync(new CommandDefinition("UPDATE ppl_profile SET swept = @swept WHERE n = @n", new { swept = Profile.HashOf(row), n = row.N }, transaction, cancellationToken: ct));
        }

        foreach (var cursor in reached)
        {
            await store.Db.InsertAsync(connection, transaction, cursor, ct);
        }

        return 0;
    }, ct);
}
