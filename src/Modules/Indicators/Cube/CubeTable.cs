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

    private static IEnumerable<RowStatement> Cells(Delta delta)
    {
        var (m, month, n, v, zero) = (new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn());
        var (facility, commune, stratum) = (new TextColumn(), new TextColumn(), new TextColumn());
        foreach (var (key, (count, sum)) in delta.Cells.Where(c => c.Value != (0, 0)))
        {
            m.Add(key.Measure);
            month.Add(key.Month);
            facility.Add(key.Facility);
            commune.Add(key.Commune);
            stratum.Add(key.Stratum);
            n.Add(count);
            v.Add(sum);
            zero.Add(0);
        }

        (string, Column)[] keys = [("m", m), ("month", month), ("facility", facility), ("commune", commune), ("stratum", stratum)];
        return m.Count == 0 ? [] : [RowStatement.Insert("ind_cell", [.. keys, ("n", n), ("v", v)], AddCell), RowStatement.Delete("ind_cell", [.. keys, ("n", zero)])];
    }

    private static IEnumerable<RowStatement> Places(Dictionary<(int Measure, int Time, string Facility), (long N, long V)> cells, string table, string time, string add)
    {
        var (m, at, n, v, zero) = (new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn());
        var facility = new TextColumn();
        foreach (var (key, (count, sum)) in cells.Where(c => c.Value != (0, 0)))
        {
            m.Add(key.Measure);
            at.Add(key.Time);
            facility.Add(key.Facility);
            n.Add(count);
            v.Add(sum);
            zero.Add(0);
        }

        (string, Column)[] keys = [("m", m), (time, at), ("facility", facility)];
        return m.Count == 0 ? [] : [RowStatement.Insert(table, [.. keys, ("n", n), ("v", v)], add), RowStatement.Delete(table, [.. keys, ("n", zero)])];
    }

    private static IEnumerable<RowStatement> States(Delta delta)
    {
        var (m, span, since, n, zero) = (new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn(), new LongColumn());
        var (person, facility) = (new TextColumn(), new TextColumn());
        foreach (var (key, change) in delta.States.Where(s => s.Value != 0))
        {
            m.Add(key.Measure);
            span.Add(key.Span);
            since.Add(key.Since);
            person.Add(key.Person);
            facility.Add(key.Facility);
            n.Add(change);
            zero.Add(0);
        }

        (string, Column)[] keys = [("m", m), ("span", span), ("since", since), ("person", person), ("facility", facility)];
        return m.Count == 0 ? [] : [RowStatement.Insert("ind_state", [.. keys, ("n", n)], AddState), RowStatement.Delete("ind_state", [.. keys, ("n", zero)])];
    }
}
