using System.Text.Json.Nodes;
using Dapper;
using Mach.Care.Writing;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.Care.Notes;

/// <summary>
/// Follows the log of the record and labels what was told in words about a visit by the diagnoses of that visit, whichever was written first and through whatever door: a note is
/// often signed before the diagnosis has its code. A label is added as a new version with its Provenance and never taken away.
/// </summary>
internal sealed class LabelFollower(RecordStore store, TimeProvider clock, ILogger<LabelFollower> log) : BackgroundService
{
    private const int Step = 200, HeadBytes = 400, KeepEach = 100_000;

    /// <summary>The kinds of delicate data; what the whole person is, or who wrote it said without a kind, is not passed on.</summary>
    private const DataLabels Kinds = DataLabels.Hiv | DataLabels.Mental | DataLabels.Reproductive | DataLabels.Substance;

    private static readonly string[] Types = ["Composition", "DocumentReference", "ClinicalImpression"];
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, long> _reached = new(StringComparer.Ordinal), _kept = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await CatchUpAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Whatever it was: an exception that leaves here would stop the hub, and what others wrote decides what is met here.
                    log.LabelsWait(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }

    /// <summary>Labels all that was written since the last time.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await FollowAsync(ct);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var last = await store.LastSequenceAsync(ct);
        await FollowAsync("Condition", last, store.DelicateAsync, async condition =>
        {
            foreach (var (visit, type) in VisitsOf(Parts.Parse(condition)).SelectMany(visit => Types.Select(type => (visit, type))))
            {
                foreach (var told in (await store.SearchAsync(SearchQuery.Parse(type, [new("encounter", "Encounter/" + visit)]) with { Count = Step }, ct)).Matches)
                {
                    await LabelAsync(told, NoteLabels.Of(condition), ct);
                }
            }
        }, ct);
        foreach (var type in Types)
        {
            await FollowAsync(type, last, store.ChangedAsync, async told =>
            {
                if (IsOfDossier(told))
                {
                    return;
                }

                foreach (var visit in VisitsOf(Parts.Parse(told)))
                {
                    await LabelAsync(told, await NoteLabels.OfVisitAsync(store, visit, ct), ct);
                }
            }, ct);
        }
    }

    /// <summary>Dossiers are labelled as a whole when they come in; where a piece comes from stands at its beginning.</summary>
    private static bool IsOfDossier(StoredResource told) => told.Body.Span[..Math.Min(told.Body.Length, HeadBytes)].IndexOf("\"source\":\"urn:mach:dossier:"u8) >= 0;

    private static IEnumerable<string> VisitsOf(JsonObject body) =>
        (body["context"]?["encounter"] as JsonArray ?? []).Append(body["encounter"]).Select(e => Parts.Text(e, "reference")).OfType<string>()
            .Where(r => r.StartsWith("Encounter/", StringComparison.Ordinal)).Select(r => r["Encounter/".Length..]).Where(id => id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'));

    private async Task FollowAsync(string type, long last, Func<string, long, int, CancellationToken, Task<IReadOnlyList<StoredResource>>> read, Func<StoredResource, Task> take, CancellationToken ct)
    {
        var after = _reached.TryGetValue(type, out var reached) ? reached : await ReadCursorAsync(type, ct);
        while (after < last)
        {
            var some = await read(type, after, Step, ct);
            foreach (var one in some.Where(s => !s.IsDeleted))
            {
                await take(one);
            }

            // What was written meanwhile comes next time.
            after = some.Count == Step ? some[^1].Seq : last;
            _reached[type] = after;
            if (some.Count == 0 && after - _kept.GetValueOrDefault(type) < KeepEach)
            {
                // Nothing was there: looking over it once more after a start costs less than a write every two seconds.
                continue;
            }

            _kept[type] = after;
            await store.Db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(Reach, new { type, seq = after }, transaction, cancellationToken: ct)), ct);
        }
    }

    private async Task LabelAsync(StoredResource told, DataLabels visit, CancellationToken ct)
    {
        var has = NoteLabels.Of(told);
        if ((visit & Kinds & ~has) == DataLabels.None || (has & (DataLabels.Restricted | DataLabels.Confidential)) != 0)
        {
            return;
        }

        var (labels, body, now) = (has | (visit & Kinds), Parts.Parse(told), clock.GetUtcNow());
        body["meta"] ??= new JsonObject();
        body["meta"]!["security"] = Parts.Security(labels, body["meta"]!["security"] as JsonArray);
        try
        {
            await store.CommitAsync(new Commit
            {
                Actor = Writer.House.Account,
                Writes = [new(WriteKind.Put, told.Type, told.Id, Parts.Bytes(body), told.Version), .. await StatementsAsync(told, labels, ct), Parts.Provenance(Writer.House, told.Type, told.Id, Statements.PatientOf(body), "UPDATE", Words.T.In("vi", "LabelledByVisit"), now, labels)],
            }, ct);
        }
        catch (CommitConflictException)
        {
            // It was written again: then it comes again.
        }
    }

    /// <summary>Who wrote it and why, as it was said before: that is as delicate.</summary>
    private async Task<IReadOnlyList<Write>> StatementsAsync(StoredResource told, DataLabels labels, CancellationToken ct)
    {
        var all = (await store.SearchAsync(SearchQuery.Parse("Provenance", [new("target", $"{told.Type}/{told.Id}")]) with { Count = Step }, ct)).Matches;
        return [.. all.Where(p => (labels & ~NoteLabels.Of(p)) != DataLabels.None).Select(p =>
        {
            var body = Parts.Parse(p);
            body["meta"] ??= new JsonObject();
            body["meta"]!["security"] = Parts.Security(labels, body["meta"]!["security"] as JsonArray);
            return new Write(WriteKind.Put, p.Type, p.Id, Parts.Bytes(body), p.Version);
        })];
    }

    private async Task<long> ReadCursorAsync(string type, CancellationToken ct)
    {
        await using var connection = await store.Db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT seq FROM car_cursor WHERE name=@type", new { type }, cancellationToken: ct)) ?? 0;
    }

    private const string Reach = "INSERT INTO car_cursor(name, seq) VALUES(@type, @seq) ON CONFLICT(name) DO UPDATE SET seq=@seq";
}
