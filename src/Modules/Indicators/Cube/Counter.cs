using System.Data.Common;
using Dapper;
using Mach.Contracts.People;
using Mach.Data;
using Mach.Indicators.Closing;
using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;
using Mach.Store;

namespace Mach.Indicators.Cube;

/// <summary>How new the numbers are.</summary>
/// <param name="Seq">Number of the last version of the record that they know of.</param>
/// <param name="At">When that was found; null = never.</param>
/// <param name="Waiting">Versions that were written since and are not counted yet.</param>
public sealed record Counted(long Seq, DateTimeOffset? At, long Waiting);

/// <summary>
/// Follows the log of the record and keeps facts and cells: what a changed resource gave is taken back, what it gives is added, in one transaction with the place in the log. So a cell
/// is always the sum of its facts, and nothing is counted twice, whatever is cut off.
/// </summary>
internal sealed class Counter(RecordStore store, FactTable facts, DefinitionBook book, IPersonLinks links, Ingredients ingredients, TimeProvider clock) : IDisposable
{
    /// <summary>Versions counted together: the more, the fewer times a cell is written; far fewer wait when nothing is loaded in bulk.</summary>
    private const int Step = 2_000;
    private const int FillStep = 1_000;
    private const string Cursor = "facts";
    private const string ReadCursor = "SELECT seq, at_us, step FROM ind_cursor WHERE name=@name";
    private const string FirstCursor = "INSERT INTO ind_cursor(name, seq, at_us, step) VALUES(@name, 0, 0, 0) ON CONFLICT(name) DO NOTHING";
    private const string MoveCursor = "UPDATE ind_cursor SET seq=@seq, at_us=@at, step=step+1 WHERE name=@name AND step=@step";
    private const string HoldCursor = "UPDATE ind_cursor SET step=step+1 WHERE name=@name AND seq=@seq";
    private const string NextStep = "UPDATE ind_cursor SET step=step+1 WHERE name=@name";
    private const string DeleteAll = "DELETE FROM ind_cell; DELETE FROM ind_month; DELETE FROM ind_day; DELETE FROM ind_state; DELETE FROM ind_fact; DELETE FROM ind_person; DELETE FROM ind_measure; DELETE FROM ind_cursor";

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>When nothing was left to count.</summary>
    private long _idleUs;

    private sealed record Place
    {
        public long Seq { get; init; }
        public long At_Us { get; init; }
        public long Step { get; init; }
    }

    /// <summary>How far the log has been counted, when that was found, and how many versions wait.</summary>
    public async Task<Counted> PlaceAsync(CancellationToken ct)
    {
        await using var connection = await store.Db.OpenAsync(ct);
        var place = await connection.QuerySingleOrDefaultAsync<Place>(new CommandDefinition(ReadCursor, new { name = Cursor }, cancellationToken: ct)) ?? new Place();
        var at = Math.Max(place.At_Us, Interlocked.Read(ref _idleUs));
        var last = await store.HistoryAsync(null, null, 1, null, ct) is [var newest] ? newest.Seq : 0;
        return new Counted(place.Seq, at == 0 ? null : Instants.FromMicroseconds(at), Math.Max(0, last - place.Seq));
    }

    /// <summary>Counts all that the log has, and fills what is new. Whoever comes while another counts waits for it.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        while (!await StepAsync(ct))
        {
        }
    }

    /// <summary>One piece of work. True when nothing is left.</summary>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await KeepMeasuresAsync(ct);
            await using var connection = await store.Db.OpenAsync(ct);
            var place = await connection.QuerySingleAsync<Place>(new CommandDefinition(ReadCursor, new { name = Cursor }, cancellationToken: ct));
            var kept = await MeasureTable.ReadAsync(connection, null, ct);
            var versions = await store.FeedAsync(place.Seq, Step, ct);
            if (versions.Count > 0)
            {
                await TakeAsync(connection, kept, versions, place, ct);
                return false;
            }

            if (kept.FirstOrDefault(k => k.Place is not null) is { } unfilled)
            {
                await FillAsync(connection, unfilled, place, ct);
                return false;
            }

            Interlocked.Exchange(ref _idleUs, Instants.ToMicroseconds(clock.GetUtcNow()));
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Throws facts and cells away and makes them anew from the record. Definitions and what was locked stay.</summary>
    public async Task RebuildAsync(IProgress<long>? progress, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await store.Db.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(DeleteAll, transaction: transaction, commandTimeout: 0, cancellationToken: ct)), ct);
            _kept = null;
        }
        finally
        {
            _one.Release();
        }

        while (!await StepAsync(ct))
        {
            progress?.Report((await PlaceAsync(ct)).Seq);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task KeepMeasuresAsync(CancellationToken ct)
    {
        var current = await book.CurrentAsync(ct);
        if (ReferenceEquals(current, _kept) || (_kept is not null && current.SequenceEqual(_kept)))
        {
            return;
        }

        await using var session = await store.Db.BeginWriteAsync(ct);
        await session.Connection.ExecuteAsync(new CommandDefinition(FirstCursor, new { name = Cursor }, session.Transaction, cancellationToken: ct));
        await session.Connection.ExecuteAsync(new CommandDefinition(NextStep, new { name = Cursor }, session.Transaction, cancellationToken: ct));
        await MeasureTable.KeepAsync(session, [.. current.SelectMany(d => d.Per is { } per ? new[] { d.Of, per } : [d.Of])], ct);
        await session.CommitAsync(ct);
        _kept = current;
    }

    private IReadOnlyList<Indicator>? _kept;

    private async Task TakeAsync(DbConnection connection, IReadOnlyList<MeasureTable.Kept> kept, IReadOnlyList<StoredResource> versions, Place place, CancellationToken ct)
    {
        var heads = versions.Where(v => FactReader.Types.Contains(v.Type)).GroupBy(v => (v.Type, v.Id)).Select(g => g.Last()).ToList();
        var traits = await ChangedTraitsAsync(connection, [.. heads.Where(h => h.Type == "Patient")], ct);
        var before = await BeforeAsync(connection, heads, traits, ct);
        var now = await NowAsync(connection, heads, before, traits, ct);
        var delta = new Delta();
        foreach (var key in before.Keys.Union(now.Keys))
        {
            var (was, @is) = (before.GetValueOrDefault(key), now.GetValueOrDefault(key));
            foreach (var measure in kept.Where(k => k.Measure.View.Number == key.View && k.Takes(key.Id)))
            {
                if (was is not null)
                {
                    delta.Add(measure.Measure, was, -1);
                }

                if (@is is not null)
                {
                    delta.Add(measure.Measure, @is, 1);
                }
            }
        }

        await using var session = await store.Db.BeginWriteAsync(ct);
        if (!await MoveAsync(session, place, versions[^1].Seq, ct))
        {
            return;
        }

        await CubeTable.WriteAsync(session, delta, ct);
        List<RowStatement> rows = [];
        rows.AddRange(now.Count > 0 ? [RowStatement.Insert(facts.Rows(now.Values))] : []);
        rows.AddRange(traits.Count > 0 ? [RowStatement.Insert(FactTable.Rows(traits.Values))] : []);
        rows.AddRange(Gone(before.Keys.Except(now.Keys)));
        await session.ExecuteAsync(rows, ct);
        await LateTrail.NoteAsync(session, before, now, heads, clock.GetUtcNow(), ct);
        await session.CommitAsync(ct);
    }

    /// <summary>Whether everything up to a place in the log is counted and nothing behind it; asked within a write, it stays so until the write ends.</summary>
    public static async Task<bool> IsAtAsync(WriteSession session, long seq, CancellationToken ct) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(HoldCursor, new { name = Cursor, seq }, session.Transaction, cancellationToken: ct)) > 0;

    /// <summary>False when another hub on the same database was first: then nothing may be written.</summary>
    private async Task<bool> MoveAsync(WriteSession session, Place from, long seq, CancellationToken ct) => await session.Connection.ExecuteAsync(new CommandDefinition(
        MoveCursor, new { name = Cursor, seq, at = Instants.ToMicroseconds(clock.GetUtcNow()), step = from.Step }, session.Transaction, cancellationToken: ct)) > 0;

    private static IEnumerable<RowStatement> Gone(IEnumerable<(short View, string Id)> keys)
    {
        var (view, id) = (new LongColumn(), new TextColumn());
        foreach (var key in keys)
        {
            view.Add(key.View);
            id.Add(key.Id);
        }

        return view.Count == 0 ? [] : [RowStatement.Delete("ind_fact", [("view", view), ("id", id)])];
    }

    /// <summary>Traits of whom the piece of the log speaks, and of everybody who is, or was, one person with them.</summary>
    private async Task<Dictionary<string, Traits>> ChangedTraitsAsync(DbConnection connection, IReadOnlyList<StoredResource> patients, CancellationToken ct)
    {
        var changed = new Dictionary<string, Traits>(StringComparer.Ordinal);
        if (patients.Count == 0)
        {
            return changed;
        }

        foreach (var patient in patients)
        {
            changed[patient.Id] = patient.IsDeleted ? Traits.Unknown(patient.Id) : FactReader.ReadTraits(patient, patient.Id);
        }

        var reached = new HashSet<string>(await facts.TogetherAsync(connection, [.. changed.Keys], ct), StringComparer.Ordinal);
        reached.UnionWith(changed.Keys);
        var persons = patients.Where(HasNoLink).ToDictionary(p => p.Id, p => p.Id, StringComparer.Ordinal);
        for (var open = new Queue<string>(reached); open.TryDequeue(out var id);)
        {
            if (persons.ContainsKey(id))
            {
                continue;
            }

            var all = await links.LinkedAsync(id, ct);
            persons[id] = all.Min(StringComparer.Ordinal)!;
            foreach (var other in all.Where(reached.Add))
            {
                open.Enqueue(other);
            }
        }

        foreach (var known in (await facts.TraitsAsync(connection, reached, ct)).Values.Where(t => !changed.ContainsKey(t.Patient)))
        {
            changed[known.Patient] = known;
        }

        foreach (var id in changed.Keys.ToList())
        {
            changed[id] = changed[id] with { Person = persons.GetValueOrDefault(id, id) };
        }

        return changed;
    }

    /// <summary>A link counts only when both records carry it, so that who carries none is nobody else; most are, and need not be asked about. An escaped name of a property is left to the question.</summary>
    private static bool HasNoLink(StoredResource patient) => patient.IsDeleted || !(patient.Body.Span.IndexOf("\"link\""u8) >= 0 || patient.Body.Span.IndexOf("\\u"u8) >= 0);

    private async Task<Dictionary<(short View, string Id), Fact>> BeforeAsync(DbConnection connection, List<StoredResource> heads, Dictionary<string, Traits> traits, CancellationToken ct)
    {
        var before = (await facts.OfPatientsAsync(connection, traits.Keys, ct)).ToDictionary(f => (f.View.Number, f.Id));
        foreach (var view in FactView.All)
        {
            var ids = heads.Where(h => FactReader.ViewsOf(h.Type).Contains(view)).Select(h => h.Id).ToList();
            foreach (var fact in await facts.ByIdsAsync(connection, view, ids, ct))
            {
                before[(view.Number, fact.Id)] = fact;
            }
        }

        return before;
    }

    private async Task<Dictionary<(short View, string Id), Fact>> NowAsync(DbConnection connection, List<StoredResource> heads, Dictionary<(short View, string Id), Fact> before, Dictionary<string, Traits> changed, CancellationToken ct)
    {
        var read = new List<Fact>();
        foreach (var head in heads)
        {
            read.AddRange(FactReader.Read(head, await ingredients.ForAsync(head, ct)));
        }

        var written = heads.SelectMany(h => FactReader.ViewsOf(h.Type).Select(v => (v.Number, h.Id))).ToHashSet();
        var known = await facts.TraitsAsync(connection, [.. read.Select(f => f.Patient).Where(p => p.Length > 0 && !changed.ContainsKey(p)).Distinct(StringComparer.Ordinal)], ct);
        var now = new Dictionary<(short View, string Id), Fact>();
        foreach (var fact in read)
        {
            now[(fact.View.Number, fact.Id)] = fact.Of(changed.GetValueOrDefault(fact.Patient) ?? known.GetValueOrDefault(fact.Patient) ?? Traits.Unknown(fact.Patient));
        }

        foreach (var (key, fact) in before.Where(b => !written.Contains(b.Key)))
        {
            now[key] = changed.TryGetValue(fact.Patient, out var of) ? fact.Of(of) : fact;
        }

        return now;
    }

    private async Task FillAsync(DbConnection connection, MeasureTable.Kept unfilled, Place place, CancellationToken ct)
    {
        var rows = await facts.AfterAsync(connection, unfilled.Measure.View, unfilled.Place!, FillStep, ct);
        var delta = new Delta();
        foreach (var fact in rows)
        {
            delta.Add(unfilled.Measure, fact, 1);
        }

        await using var session = await store.Db.BeginWriteAsync(ct);
        if (!await MoveAsync(session, place, place.Seq, ct))
        {
            return;
        }

        await CubeTable.WriteAsync(session, delta, ct);
        await MeasureTable.SetPlaceAsync(session, unfilled.Measure.Number, rows.Count < FillStep ? null : rows[^1].Id, ct);
        await session.CommitAsync(ct);
    }
}
