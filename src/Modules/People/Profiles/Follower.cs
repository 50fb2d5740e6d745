using Dapper;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Labels;
using Mach.People.Matching;
using Mach.Store;

namespace Mach.People.Profiles;

/// <summary>
/// Follows the log of the record, so that Patients written through any door have a profile. What intake and registration wrote in their own commits is recognised by its version and passed over.
/// </summary>
internal sealed class Follower(RecordStore store, FactsMaker facts, ProfileTable profiles, LabelTable labels, Mothers mothers) : IDisposable
{
    private const int Step = 200, StepsAtOnce = 5;
    private const string Cursor = "profiles";
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Takes up a thousand changes at most; who follows right behind somebody else does not wait. False when there are more.</summary>
    public async Task<bool> CatchUpAsync(CancellationToken ct)
    {
        if (!await _one.WaitAsync(0, ct))
        {
            return true;
        }

        try
        {
            var related = await mothers.ChangedAsync(ct);
            var after = await ReadCursorAsync(store.Db, Cursor, ct);
            for (var step = 0; step < StepsAtOnce; step++)
            {
                var changed = await store.ChangedAsync("Patient", after, Step, ct);
                if (changed.Count > 0)
                {
                    await TakeAsync(changed, ct);
                    after = changed[^1].Seq;
                }

                if (changed.Count < Step)
                {
                    await mothers.TakeAsync(related, ct);
                    return !Mothers.IsFull(related);
                }
            }

            return false;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Throws all profiles away and makes them anew from the record. Questions and decisions stay.</summary>
    /// <returns>Number of people.</returns>
    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await store.Db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(DeleteAll, transaction: transaction, cancellationToken: ct)), ct);
            long after = 0, people = 0;
            while (await store.ChangedAsync("Patient", after, Step * StepsAtOnce, ct) is { Count: > 0 } changed)
            {
                await TakeAsync(changed, ct);
                after = changed[^1].Seq;
                people += changed.Count(p => !p.IsDeleted);
                progress?.Report(people);
            }

            while (await mothers.ChangedAsync(ct) is { Count: > 0 } related)
            {
                await mothers.TakeAsync(related, ct);
            }

            return people;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    public static async Task<long> ReadCursorAsync(Db db, string name, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT seq FROM ppl_cursor WHERE name = @name", new { name }, cancellationToken: ct)) ?? 0;
    }

    public static TableRows CursorRow(string name, long seq) => new("ppl_cursor", [("name", ColumnType.Text), ("seq", ColumnType.BigInt)], [[name, seq]], ["name"]);

    private async Task TakeAsync(IReadOnlyList<StoredResource> changed, CancellationToken ct)
    {
        await facts.RefreshAsync(ct);
        var known = (await profiles.ReadAsync([.. changed.Select(p => Profile.NumberOf(p.Id))], ct)).ToDictionary(r => r.N);
        var labelled = await labels.FindAsync([.. changed.Select(p => p.Id)], ct);
        List<TableRows> rows = [];
        List<long> gone = [];
        List<(string Patient, int Version, PersonLabels Labels)> relabelled = [];
        foreach (var patient in changed)
        {
            var before = known.GetValueOrDefault(Profile.NumberOf(patient.Id));
            if (patient.IsDeleted)
            {
                gone.Add(Profile.NumberOf(patient.Id));
                continue;
            }

            var label = PersonLabel.Read(patient.Body);
            if (label != labelled.GetValueOrDefault(patient.Id))
            {
                relabelled.Add((patient.Id, patient.Version, label));
            }

            if (before?.Version != patient.Version)
            {
                rows.AddRange(Profile.Rows(patient.Id, patient.Version, PatientFacts.Read(facts, patient.Body), before?.ReadOwn()));
            }

            // Whoever wrote the Patient did not know of a mother who is said elsewhere.
            if (before is { Mother.Length: > 0 } && Profile.Blocks(before.N, before.With(PatientFacts.Read(facts, patient.Body)), null) is { } keys)
            {
                rows.Add(keys);
            }
        }

        rows.Add(CursorRow(Cursor, changed[^1].Seq));
        await store.Db.WriteAsync(async (connection, transaction) =>
        {
            foreach (var same in rows.GroupBy(r => r.Table))
            {
                await store.Db.InsertAsync(connection, transaction, same.First() with { Rows = [.. same.SelectMany(r => r.Rows)] }, ct);
            }

            foreach (var (patient, version, label) in relabelled)
            {
                await labels.TakeUpAsync(connection, transaction, patient, version, label, ct);
            }

            if (gone.Count > 0)
            {
                await connection.ExecuteAsync(new CommandDefinition(store.Db.Sql(DeleteSome), new { gone = System.Text.Json.JsonSerializer.Serialize(gone) }, transaction, cancellationToken: ct));
            }

            return 0;
        }, ct);
    }

    private const string DeleteSome = "DELETE FROM ppl_profile WHERE n {inlong:gone}";
    private const string DeleteAll = "DELETE FROM ppl_block; DELETE FROM ppl_profile; DELETE FROM ppl_cursor";
}
