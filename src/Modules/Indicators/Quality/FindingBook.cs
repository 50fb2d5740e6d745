using Dapper;
using Mach.Data;
using Mach.Ui;

namespace Mach.Indicators.Quality;

/// <summary>Findings and what people did about them. A step is never changed; of two at once only the first is taken.</summary>
internal sealed class FindingBook(Db db, TimeProvider clock)
{
    /// <summary>A value that differs by less than this part is the same finding.</summary>
    private const double Same = 0.1;

    private const string Columns = "SELECT f.rule, f.indicator, f.place, f.month, f.step, f.act, f.who, f.at_us, f.why, f.owner, f.due, f.value, f.expected, f.effect, f.n FROM ind_finding f";
    private const string Lasts = Columns + " WHERE f.step=(SELECT MAX(g.step) FROM ind_finding g WHERE g.rule=f.rule AND g.indicator=f.indicator AND g.place=f.place AND g.month=f.month)";
    private const string One = Columns + " WHERE f.rule=@rule AND f.indicator=@indicator AND f.place=@place AND f.month=@month ORDER BY f.step";
    private const string Insert = """
        INSERT INTO ind_finding(rule, indicator, place, month, step, act, who, at_us, why, owner, due, value, expected, effect, n)
        VALUES(@rule, @indicator, @place, @month, @step, @act, @who, @at, @why, @owner, @due, @value, @expected, @effect, @n)
        ON CONFLICT(rule, indicator, place, month, step) DO NOTHING
        """;

    private sealed record Row
    {
        public string Rule { get; init; } = "";
        public string Indicator { get; init; } = "";
        public string Place { get; init; } = "";
        public int Month { get; init; }
        public int Step { get; init; }
        public string Act { get; init; } = "";
        public string Who { get; init; } = "";
        public long At_Us { get; init; }
        public string Why { get; init; } = "";
        public string Owner { get; init; } = "";
        public int Due { get; init; }
        public double Value { get; init; }
        public double Expected { get; init; }
        public double Effect { get; init; }
        public long N { get; init; }

        public FindingStep Read() => new(
            new(Rule, Indicator, Place, Month), Step, Enum.Parse<FindingAct>(Act, ignoreCase: true), Who, Instants.FromMicroseconds(At_Us), Why, Owner, DateOnly.FromDayNumber(Due), Value, Expected, Effect, N);
    }

    /// <summary>The last step of every finding.</summary>
    /// <param name="place">Only of this facility; null = all.</param>
    public async Task<IReadOnlyList<FindingStep>> LastsAsync(string? place, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(place is null ? Lasts : Lasts + " AND f.place=@place", new { place }, cancellationToken: ct))).Select(r => r.Read())];
    }

    /// <summary>All steps of one finding, in their order; empty = there is none.</summary>
    public async Task<IReadOnlyList<FindingStep>> StepsAsync(FindingKey key, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(One, new { rule = key.Rule, indicator = key.Indicator, place = key.Place, month = key.Month }, cancellationToken: ct))).Select(r => r.Read())];
    }

    /// <summary>Keeps what all checks found now: what is new is written, what is no longer found is gone.</summary>
    /// <param name="days">Days until a finding of a rule is to be settled.</param>
    /// <returns>Steps that were written.</returns>
    public async Task<int> KeepAsync(IReadOnlyCollection<Found> found, Func<string, int> days, CancellationToken ct)
    {
        var (now, today) = (clock.GetUtcNow(), Dates.Today(clock));
        await using var session = await db.BeginWriteAsync(ct);
        var lasts = (await session.Connection.QueryAsync<Row>(new CommandDefinition(Lasts, transaction: session.Transaction, cancellationToken: ct))).Select(r => r.Read()).ToDictionary(s => s.Key);
        var steps = new List<FindingStep>();
        foreach (var one in found.DistinctBy(f => f.Key))
        {
            var last = lasts.GetValueOrDefault(one.Key);
            FindingAct? act = last is null or { Act: FindingAct.Gone } ? FindingAct.Found
                : IsSame(last.Value, one.Value) ? null
                : last.Act == FindingAct.Explained ? FindingAct.Found : FindingAct.Changed;
            if (act is { } taken)
            {
                var isNew = taken == FindingAct.Found;
                steps.Add(new(one.Key, (last?.Step ?? 0) + 1, taken, "", now, "", isNew ? "" : last!.Owner, isNew ? today.AddDays(days(one.Key.Rule)) : last!.Due, one.Value, one.Expected, one.Effect, one.Rows));
            }
        }

        var keys = found.Select(f => f.Key).ToHashSet();
        steps.AddRange(lasts.Values.Where(l => l.IsOpen && !keys.Contains(l.Key)).Select(l => l with { Step = l.Step + 1, Act = FindingAct.Gone, Who = "", At = now, Why = "" }));
        foreach (var step in steps)
        {
            await session.Connection.ExecuteAsync(new CommandDefinition(Insert, Written(step), session.Transaction, cancellationToken: ct));
        }

        await session.CommitAsync(ct);
        return steps.Count;
    }

    /// <summary>What a person does: give it to somebody, explain it, or open it again.</summary>
    /// <param name="seen">Number of the last step that the person saw.</param>
    /// <returns>False when there is no such finding, it is not in a state for this, or somebody else was first.</returns>
    public async Task<bool> TakeAsync(FindingKey key, FindingAct act, int seen, string who, string owner, DateOnly? due, string why, CancellationToken ct)
    {
        var steps = await StepsAsync(key, ct);
        if (steps.Count == 0)
        {
            return false;
        }

        var last = steps[^1];
        if (last.Step != seen || !May(last, act))
        {
            return false;
        }

        var step = last with { Step = last.Step + 1, Act = act, Who = who, At = clock.GetUtcNow(), Why = why, Owner = act == FindingAct.Given ? owner : last.Owner, Due = due ?? last.Due };
        return await db.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Insert, Written(step), transaction, cancellationToken: ct)), ct) == 1;
    }

    public static bool May(FindingStep last, FindingAct act) => act switch
    {
        FindingAct.Given or FindingAct.Explained => last.IsOpen,
        FindingAct.Opened => last.Act == FindingAct.Explained,
        _ => false,
    };

    private static bool IsSame(double was, double now) => Math.Abs(now - was) <= Same * Math.Max(Math.Abs(was), 1e-9);

    private static object Written(FindingStep s) => new
    {
        rule = s.Key.Rule,
        indicator = s.Key.Indicator,
        place = s.Key.Place,
        month = s.Key.Month,
        step = s.Step,
        act = Word(s.Act),
        who = s.Who,
        at = Instants.ToMicroseconds(s.At),
        why = s.Why,
        owner = s.Owner,
        due = s.Due.DayNumber,
        value = s.Value,
        expected = s.Expected,
        effect = s.Effect,
        n = s.Rows,
    };

    public static string Word(FindingAct act) => act.ToString().ToLowerInvariant();
}
