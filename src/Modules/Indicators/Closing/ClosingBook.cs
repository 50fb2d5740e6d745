using Dapper;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Ui;

namespace Mach.Indicators.Closing;

/// <summary>What can be done with a month.</summary>
public enum ClosingAct
{
    /// <summary>A facility, or the department, signs its numbers as they are now.</summary>
    Sign,
    /// <summary>A data officer has looked at what a facility signed.</summary>
    Check,
    /// <summary>A data officer gives it back to the facility, with the reason.</summary>
    Return,
    /// <summary>The department publishes what it signed.</summary>
    Publish,
    /// <summary>The department replaces what it signed by the numbers of now, with the reason; the earlier snapshot stays.</summary>
    Restate,
}

/// <summary>One step.</summary>
/// <param name="Place">A facility, or * = the department.</param>
/// <param name="Hash">Of what was signed; null where nothing is.</param>
public sealed record ClosingStep(int Month, string Place, int Step, ClosingAct Act, string Who, DateTimeOffset At, string Why, long Seq, string? Hash)
{
    public bool HasSnapshot => Act is ClosingAct.Sign or ClosingAct.Restate;
}

/// <summary>A record of a signed month that gives something else now.</summary>
/// <param name="What">added, changed or removed.</param>
public sealed record LateChange(string Facility, string Type, string Id, long Seq, string What, string Patient, DateTimeOffset At);

/// <summary>Why a step was not taken.</summary>
public enum ClosingRefusal
{
    None,
    /// <summary>The month is not over.</summary>
    TooEarly,
    /// <summary>Versions of the record, or a new definition, wait to be counted.</summary>
    Counting,
    /// <summary>Not in this state, or somebody else was first.</summary>
    NotNow,
}

/// <summary>
/// Months pass open → signed by the facility → checked → signed by the department → published; what was signed is never touched again, what comes later is kept beside it.
/// A month is a number yyyyMM.
/// </summary>
internal sealed class ClosingBook(Db db, DefinitionBook definitions, Asker asker, Counter counter, TimeProvider clock)
{
    /// <summary>The health department.</summary>
    public const string Department = "*";

    private const string Steps = "SELECT month, place, step, act, who, at_us, why, seq, hash FROM ind_closing WHERE month>=@from AND month<=@to ORDER BY month, place, step";
    private const string Body = "SELECT hash, body FROM ind_closing WHERE month=@month AND place=@place AND step=@step AND body IS NOT NULL";
    private const string Insert = "INSERT INTO ind_closing(month, place, step, act, who, at_us, why, seq, hash, body) VALUES(@month, @place, @step, @act, @who, @at, @why, @seq, @hash, @body) ON CONFLICT(month, place, step) DO NOTHING";
    private const string Late = "SELECT facility, type, id, seq, what, patient, at_us FROM ind_late WHERE month=@month AND seq>@seq AND (@facility='*' OR facility=@facility) ORDER BY seq DESC, facility, type, id LIMIT @count";
    private const string LateCount = "SELECT COUNT(*) FROM (SELECT DISTINCT type, id FROM ind_late WHERE month=@month AND seq>@seq AND (@facility='*' OR facility=@facility)) AS changed";

    private sealed record Row
    {
        public int Month { get; init; }
        public string Place { get; init; } = "";
        public int Step { get; init; }
        public string Act { get; init; } = "";
        public string Who { get; init; } = "";
        public long At_Us { get; init; }
        public string Why { get; init; } = "";
        public long Seq { get; init; }
        public string? Hash { get; init; }
    }

    private sealed record LateRow
    {
        public string Facility { get; init; } = "";
        public string Type { get; init; } = "";
        public string Id { get; init; } = "";
        public long Seq { get; init; }
        public string What { get; init; } = "";
        public string Patient { get; init; } = "";
        public long At_Us { get; init; }
    }

    private sealed record BodyRow
    {
        public string Hash { get; init; } = "";
        public byte[] Body { get; init; } = [];
    }

    /// <summary>All steps of some months, in the order they were taken at each place.</summary>
    public async Task<IReadOnlyList<ClosingStep>> StepsAsync(int from, int to, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(Steps, new { from, to }, cancellationToken: ct)))
            .Select(r => new ClosingStep(r.Month, r.Place, r.Step, Enum.GetValues<ClosingAct>().First(a => Word(a) == r.Act), r.Who, Instants.FromMicroseconds(r.At_Us), r.Why, r.Seq, r.Hash))];
    }

    /// <summary>What was signed in a step, byte for byte.</summary>
    /// <returns>Null when nothing was signed there; <c>IsWhole</c> is false when the bytes are not those that were signed.</returns>
    public async Task<(byte[] Written, string Hash, bool IsWhole)?> SignedAsync(int month, string place, int step, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<BodyRow>(new CommandDefinition(Body, new { month, place, step }, cancellationToken: ct)) is not { } row)
        {
            return null;
        }

        var written = Snapshot.Unpack(row.Body);
        return (written, row.Hash, Snapshot.Hash(written) == row.Hash);
    }

    /// <summary>Records that gave something else after a place in the log, the newest first.</summary>
    /// <param name="facility">Null = all.</param>
    public async Task<IReadOnlyList<LateChange>> ChangesAsync(int month, long seq, string? facility, int count, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<LateRow>(new CommandDefinition(Late, new { month, seq, facility = facility ?? Department, count }, cancellationToken: ct)))
            .Select(r => new LateChange(r.Facility, r.Type, r.Id, r.Seq, r.What, r.Patient, Instants.FromMicroseconds(r.At_Us)))];
    }

    /// <summary>How many records gave something else after a place in the log.</summary>
    /// <param name="facility">Null = all.</param>
    public async Task<long> ChangeCountAsync(int month, long seq, string? facility, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(LateCount, new { month, seq, facility = facility ?? Department }, cancellationToken: ct));
    }

    /// <summary>Takes a step, when the state allows it.</summary>
    /// <param name="seen">Steps of this place that the caller saw; when there are others now, somebody was first.</param>
    public async Task<ClosingRefusal> TakeAsync(int month, string place, ClosingAct act, int seen, string who, string why, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (FirstDay(month).AddMonths(1) > Dates.Today(clock))
        {
            return ClosingRefusal.TooEarly;
        }

        var steps = await StepsAsync(month, month, ct);
        var own = steps.Where(s => s.Place == place).ToList();
        if (own.Count != seen || !May(own, place, act))
        {
            return ClosingRefusal.NotNow;
        }

        var (seq, hash, body) = (own.LastOrDefault(s => s.HasSnapshot)?.Seq ?? 0, (string?)null, (byte[]?)null);
        if (act is ClosingAct.Sign or ClosingAct.Restate)
        {
            if (await LiveAsync(month, place, ct) is not { } live)
            {
                return ClosingRefusal.Counting;
            }

            var signed = steps.GroupBy(s => s.Place).Where(g => g.Last().Act is ClosingAct.Sign or ClosingAct.Check).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
            var unsigned = place != Department ? [] : live.Indicators.SelectMany(i => i.Lines).Where(l => l.By == Snapshot.Facility && l.Key.Length > 0 && l.Parts.Rows > 0).Select(l => l.Key).Distinct(StringComparer.Ordinal).Where(f => !signed.Contains(f)).ToList();
            var snapshot = new Snapshot(month, place, live.Seq, now, who, Dates.Today(clock), own.LastOrDefault(s => s.HasSnapshot)?.Hash ?? "", unsigned, live.Indicators);
            var written = snapshot.Write();
            (seq, hash, body) = (live.Seq, Snapshot.Hash(written), Snapshot.Pack(written));
        }

        await using var session = await db.BeginWriteAsync(ct);
        if (hash is not null && !await Counter.IsAtAsync(session, seq, ct))
        {
            return ClosingRefusal.Counting;
        }

        var taken = await session.Connection.ExecuteAsync(new CommandDefinition(
            Insert, new { month, place, step = own.Count + 1, act = Word(act), who, at = Instants.ToMicroseconds(now), why, seq, hash, body }, session.Transaction, cancellationToken: ct));
        await session.CommitAsync(ct);
        return taken > 0 ? ClosingRefusal.None : ClosingRefusal.NotNow;
    }

    /// <summary>The numbers of a month as they are now.</summary>
    /// <returns>Null while something waits to be counted, or changes meanwhile.</returns>
    public async Task<(long Seq, IReadOnlyList<LockedIndicator> Indicators)?> LiveAsync(int month, string place, CancellationToken ct)
    {
        var before = await counter.PlaceAsync(ct);
        if (before.Waiting > 0)
        {
            return null;
        }

        var (from, to) = (FirstDay(month), FirstDay(month).AddMonths(1).AddDays(-1));
        IReadOnlyList<string>? facilities = place == Department ? null : [place];
        var indicators = new List<LockedIndicator>();
        foreach (var indicator in await definitions.CurrentAsync(ct))
        {
            var by = await asker.AskAsync(new Question(indicator, from, to, Grouping.Facility, null, facilities), ct);
            if (by.IsFilling)
            {
                return null;
            }

            var lines = new List<LockedLine> { new(Snapshot.Total, "", by.Total) };
            lines.AddRange(by.Lines.Select(l => new LockedLine(Snapshot.Facility, l.Key, l.Parts)));
            if (place == Department)
            {
                lines.AddRange((await asker.AskAsync(by.Question with { By = Grouping.FormerProvince }, ct)).Lines.Select(l => new LockedLine(Snapshot.FormerProvince, l.Key, l.Parts)));
            }

            indicators.Add(new LockedIndicator(indicator.Code, indicator.Version, lines));
        }

        return (await counter.PlaceAsync(ct)).Seq == before.Seq ? (before.Seq, indicators) : null;
    }

    /// <summary>What may follow the steps that a place has taken.</summary>
    public static bool May(IReadOnlyList<ClosingStep> own, string place, ClosingAct act) => (place == Department, own.Count == 0 ? (ClosingAct?)null : own[^1].Act, act) switch
    {
        (_, null, ClosingAct.Sign) => true,
        (false, ClosingAct.Return, ClosingAct.Sign) => true,
        (false, ClosingAct.Sign, ClosingAct.Check or ClosingAct.Return) => true,
        (false, ClosingAct.Check, ClosingAct.Return) => true,
        (true, ClosingAct.Sign or ClosingAct.Restate, ClosingAct.Publish or ClosingAct.Restate) => true,
        (true, ClosingAct.Publish, ClosingAct.Restate) => true,
        _ => false,
    };

    public static DateOnly FirstDay(int month) => new(month / 100, month % 100, 1);

    public static string Word(ClosingAct act) => act switch
    {
        ClosingAct.Sign => "signed",
        ClosingAct.Check => "checked",
        ClosingAct.Return => "returned",
        ClosingAct.Publish => "published",
        _ => "restated",
    };
}
