using Dapper;
using Mach.Data;
using Mach.Registry.Facilities;
using Mach.Store;

namespace Mach.Registry.Ledgers;

/// <summary>Who changes what and why; <paramref name="Undoes"/> is the change taken back.</summary>
/// <param name="AtUs">Since when it is known, when that is not now: the lists that come with the program.</param>
internal sealed record ChangeNote(string Kind, string Who, string Why, string Subject, long? Undoes = null, long? AtUs = null);

/// <summary>
/// The registry's ledgers, read at first need and brought up to date when another process changed them. Every change is one commit: its facts, what it
/// closes, its line in reg_change, and the FHIR resources that say the same.
/// </summary>
internal sealed class RegistryBooks(RecordStore store, TimeProvider clock) : IDisposable
{
    private const int Attempts = 8;
    /// <summary>Resources of one commit when a day is published.</summary>
    private const int WritesPerCommit = 500;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile RegistryState _state = RegistryState.Empty;

    public Db Db => store.Db;

    /// <summary>The state as this process last read or wrote it; empty before the first time. Asks nobody.</summary>
    public RegistryState LastRead => _state;

    /// <summary>The state with everything that any process has committed.</summary>
    public async ValueTask<RegistryState> CurrentAsync(CancellationToken ct)
    {
        if (await LastNumberAsync(ct) == _state.Number)
        {
            return _state;
        }

        await _gate.WaitAsync(ct);
        try
        {
            return await RefreshAsync(ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Prepares a change on the current state and commits it; prepares it again when somebody else was first.</summary>
    /// <param name="prepare">States facts in the draft. What it throws leaves everything as it was.</param>
    /// <param name="more">Rows of other tables for the same commit, from the number of the change.</param>
    /// <returns>The change; null when there was nothing to change.</returns>
    public async Task<Change?> ChangeAsync(ChangeNote note, Action<RegistryDraft> prepare, CancellationToken ct, Func<long, IEnumerable<TableRows>>? more = null)
    {
        await _gate.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var state = await RefreshAsync(ct);
                var now = Us(clock.GetUtcNow());
                var draft = new RegistryDraft(state, note.AtUs ?? Math.Max(now, state.KnownUs + 1));
                prepare(draft);
                if (draft.IsEmpty)
                {
                    return null;
                }

                var change = new Change
                {
                    Number = draft.Number,
                    AtUs = draft.KnownUs,
                    MadeUs = now,
                    Kind = note.Kind,
                    Who = note.Who,
                    Why = note.Why,
                    Subject = note.Subject,
                    Undoes = note.Undoes,
                    Opened = draft.All.Sum(d => d.Opened.Count()),
                    Closed = draft.All.Sum(d => d.Closed.Count()),
                };
                try
                {
                    await store.CommitAsync(new Commit { Writes = FhirViews.Of(draft, Today()), Actor = note.Who, Rows = [change.ToTable(), .. Rows(draft), .. FacilityRow.Of(draft, Today(), now, note.Who), .. more?.Invoke(draft.Number) ?? []] }, ct);
                    _state = draft.Result();
                    return change;
                }
                catch (CommitConflictException) when (attempt < Attempts)
                {
                    // Somebody else's change has this number: decide again on what is there now.
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes anew the resources and rows of every subject of which a fact began or ended since the day that was published last, up to the present day.</summary>
    /// <returns>How many subjects there were.</returns>
    public async Task<int> PublishDayAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var turned = 0;
            var today = Today();
            for (var since = await PublishedAsync(ct); since is null || since < today;)
            {
                var state = await RefreshAsync(ct);
                var (facilities, practitioners) = (DayViews.Turning(state.Facilities, since, today), DayViews.TurningPeople(state.Practitioners, since, today));
                foreach (var writes in DayViews.Of(state, facilities, practitioners, today).Chunk(WritesPerCommit))
                {
                    await store.CommitAsync(new Commit { Writes = writes, Actor = "registry" }, ct);
                }

                var rows = FacilityRow.ToTable(facilities.Select(f => FacilityView.Read(state.Facilities, f, today, long.MaxValue - 1)).OfType<FacilityView>().Select(f => f.ToFacility()), Us(clock.GetUtcNow()), "registry");
                await store.CommitAsync(new Commit { Writes = [], Actor = "registry", Rows = [.. rows.Rows.Count > 0 ? [rows] : Array.Empty<TableRows>(), Published(today)] }, ct);
                turned += facilities.Count + practitioners.Count;
                // Another process may have changed something between the reading and the writing: then what was written is older than its change.
                since = await LastNumberAsync(ct) == state.Number ? today : since;
            }

            return turned;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The present day in Vietnam.</summary>
    public DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7)).DateTime);

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<Change>> ChangesAsync(int count, long before, CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct);
        return [.. await connection.QueryAsync<Change>(new CommandDefinition($"SELECT {Change.Columns} FROM reg_change WHERE number < @before ORDER BY number DESC LIMIT @count", new { before, count }, cancellationToken: ct))];
    }

    /// <summary>The changes with these numbers.</summary>
    public async Task<IReadOnlyDictionary<long, Change>> ChangesAsync(IEnumerable<long> numbers, CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct);
        var json = System.Text.Json.JsonSerializer.Serialize(numbers.Distinct());
        var found = await connection.QueryAsync<Change>(new CommandDefinition(Db.Sql($"SELECT {Change.Columns} FROM reg_change WHERE number {{inlong:json}}"), new { json }, cancellationToken: ct));
        return found.ToDictionary(c => c.Number);
    }

    public static long Us(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);

    public void Dispose() => _gate.Dispose();

    private static TableRows Published(DateOnly day) => new("reg_published", [("name", ColumnType.Text), ("day", ColumnType.Text)], [["registry", LedgerTable.Iso(day)]], ["name"]);

    private async Task<DateOnly?> PublishedAsync(CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT day FROM reg_published WHERE name = 'registry'", cancellationToken: ct)) is { } day ? FactRow.Date(day) : null;
    }

    private async Task<long> LastNumberAsync(CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COALESCE(MAX(number), 0) FROM reg_change", cancellationToken: ct));
    }

    private async Task<RegistryState> RefreshAsync(CancellationToken ct)
    {
        var state = _state;
        await using var connection = await Db.OpenAsync(ct);
        var last = await connection.QuerySingleAsync<Last>(new CommandDefinition("SELECT COALESCE(MAX(number), 0) AS Number, COALESCE(MAX(at_us), 0) AS KnownUs FROM reg_change", cancellationToken: ct));
        if (last.Number == state.Number)
        {
            return state;
        }

        // What is read here may hold facts of a still newer change; reading them again later changes nothing, since a fact is found by its id.
        var seen = state.Number;
        return _state = new RegistryState(
            last.Number,
            last.KnownUs,
            await LedgerTable.ReadAsync(Db, LedgerTable.Units, state.Units, seen, ct),
            await SuccessionTable.ReadAsync(Db, state.Successions, seen, ct),
            await LedgerTable.ReadAsync(Db, LedgerTable.Facilities, state.Facilities, seen, ct),
            await LedgerTable.ReadAsync(Db, LedgerTable.Practitioners, state.Practitioners, seen, ct),
            await LedgerTable.ReadAsync(Db, LedgerTable.Catalogues, state.Catalogues, seen, ct));
    }

    private static IEnumerable<TableRows> Rows(RegistryDraft draft) =>
    [
        .. LedgerTable.Rows(LedgerTable.Units, draft.Units),
        .. SuccessionTable.Rows(draft.Successions),
        .. LedgerTable.Rows(LedgerTable.Facilities, draft.Facilities),
        .. LedgerTable.Rows(LedgerTable.Practitioners, draft.Practitioners),
        .. LedgerTable.Rows(LedgerTable.Catalogues, draft.Catalogues),
    ];

    private sealed record Last
    {
        public long Number { get; init; }
        public long KnownUs { get; init; }
    }
}
