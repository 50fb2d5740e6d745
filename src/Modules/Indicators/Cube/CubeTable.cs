using Mach.Data;

namespace Mach.Indicators.Cube;

/// <summary>Writes what changed to the cells. A cell that nothing is left of goes.</summary>
internal sealed class CubeTable
{
    private const string AddCell = "ON CONFLICT(m,month,facility,commune,stratum) DO UPDATE SET n=ind_cell.n+excluded.n, v=ind_cell.v+excluded.v";
    private const string AddMonth = "ON CONFLICT(m,month,facility) DO UPDATE SET n=ind_month.n+excluded.n, v=ind_month.v+excluded.v";
    private const string AddDay = "ON CONFLICT(m,day,facility) DO UPDATE SET n=ind_day.n+excluded.n, v=ind_day.v+excluded.v";
    private const string AddState = "ON CONFLICT(m,span,since,person,facility) DO UPDATE SET n=ind_state.n+excluded.n";

    public static async Task WriteAsync(WriteSession session, Delta delta, CancellationToken ct)
    {
        if (delta.States.Count > 0)
        {
            delta.Turn(await StatesAsync(session, delta, ct));
        }

        await session.ExecuteAsync([.. Cells(delta), .. Places(delta.Months, "ind_month", "month", AddMonth), .. Places(delta.Days, "ind_day", "day", AddDay), .. States(delta)], ct);
    }

    private static async Task<Dictionary<(int, short, int, string, string), long>> StatesAsync(WriteSession session, Delta delta, CancellationToken ct)
    {
        var (m, span, since) = (new LongColumn(), new LongColumn(), new LongColumn());
        var (person, facility) = (new TextColumn(), new TextColumn());
        var keys = delta.States.Keys.ToList();
        foreach (var key in keys)
        {
            m.Add(key.Measure);
            span.Add(key.Span);
            since.Add(key.Since);
            person.Add(key.Person);
            facility.Add(key.Facility);
        }

        var found = new Dictionary<(int, short, int, string, string), long>();
        await session.QueryAsync([RowQuery.Find("ind_state", "n", [("m", m), ("span", span), ("since", since), ("person", person), ("facility", facility)], row => found[keys[row.Row]] = row.Long(0))], ct);
        return found;
    }

    /// <summary>Only a cell that something was taken from can be left with nothing.</summary>
    private static IEnumerable<RowStatement> Cells(Delta delta)
    {
        var cells = delta.Cells.Where(c => c.Value != (0, 0)).ToList();
        var (added, keys) = CellColumns(cells);
        var taken = cells.Where(c => c.Value.N <= 0).ToList();
        return cells.Count == 0 ? [] : [RowStatement.Insert("ind_cell", added, AddCell), .. taken.Count == 0 ? [] : new[] { RowStatement.Delete("ind_cell", Zero(CellColumns(taken).Keys, taken.Count)) }];
    }

    private static ((string, Column)[] All, (string, Column)[] Keys) CellColumns(IReadOnlyList<KeyValuePair<(int Measure, int Month, string Facility, string Commune, string Stratum), (long N, long V)>> cells)
    {
        var (m, month, n, v) = (new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn());
        var (facility, commune, stratum) = (new TextColumn(), new TextColumn(), new TextColumn());
        foreach (var (key, (count, sum)) in cells)
        {
            m.Add(key.Measure);
            month.Add(key.Month);
            facility.Add(key.Facility);
            commune.Add(key.Commune);
            stratum.Add(key.Stratum);
            n.Add(count);
            v.Add(sum);
        }

        (string, Column)[] keys = [("m", m), ("month", month), ("facility", facility), ("commune", commune), ("stratum", stratum)];
        return ([.. keys, ("n", n), ("v", v)], keys);
    }

    private static IEnumerable<RowStatement> Places(Dictionary<(int Measure, int Time, string Facility), (long N, long V)> sums, string table, string time, string add)
    {
        var cells = sums.Where(c => c.Value != (0, 0)).ToList();
        var taken = cells.Where(c => c.Value.N <= 0).ToList();
        return cells.Count == 0 ? [] : [RowStatement.Insert(table, PlaceColumns(cells, time).All, add), .. taken.Count == 0 ? [] : new[] { RowStatement.Delete(table, Zero(PlaceColumns(taken, time).Keys, taken.Count)) }];
    }

    private static ((string, Column)[] All, (string, Column)[] Keys) PlaceColumns(IReadOnlyList<KeyValuePair<(int Measure, int Time, string Facility), (long N, long V)>> cells, string time)
    {
        var (m, at, n, v) = (new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn());
        var facility = new TextColumn();
        foreach (var (key, (count, sum)) in cells)
        {
            m.Add(key.Measure);
            at.Add(key.Time);
            facility.Add(key.Facility);
            n.Add(count);
            v.Add(sum);
        }

        (string, Column)[] keys = [("m", m), (time, at), ("facility", facility)];
        return ([.. keys, ("n", n), ("v", v)], keys);
    }

    private static IEnumerable<RowStatement> States(Delta delta)
    {
        var states = delta.States.Where(s => s.Value != 0).ToList();
        var taken = states.Where(s => s.Value < 0).ToList();
        return states.Count == 0 ? [] : [RowStatement.Insert("ind_state", StateColumns(states).All, AddState), .. taken.Count == 0 ? [] : new[] { RowStatement.Delete("ind_state", Zero(StateColumns(taken).Keys, taken.Count)) }];
    }

    private static ((string, Column)[] All, (string, Column)[] Keys) StateColumns(IReadOnlyList<KeyValuePair<(int Measure, short Span, int Since, string Person, string Facility), long>> states)
    {
        var (m, span, since, n) = (new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn());
        var (person, facility) = (new TextColumn(), new TextColumn());
        foreach (var (key, change) in states)
        {
            m.Add(key.Measure);
            span.Add(key.Span);
            since.Add(key.Since);
            person.Add(key.Person);
            facility.Add(key.Facility);
            n.Add(change);
        }

        (string, Column)[] keys = [("m", m), ("span", span), ("since", since), ("person", person), ("facility", facility)];
        return ([.. keys, ("n", n)], keys);
    }

    private static (string, Column)[] Zero((string, Column)[] keys, int count)
    {
        var zero = new LongColumn();
        for (var i = 0; i < count; i++)
        {
            zero.Add(0);
        }

        return [.. keys, ("n", zero)];
    }
}
