using System.Data.Common;
using Dapper;
using Mach.Indicators.Facts;
using Mach.Store;

namespace Mach.Indicators.Cube;

/// <summary>One recount.</summary>
/// <param name="Cells">That were compared.</param>
/// <param name="Drift">That did not agree.</param>
/// <param name="Said">The first of them in words.</param>
public sealed record RecountResult(DateTimeOffset At, long Cells, long Drift, string Said);

/// <summary>Makes all cells anew, from the heads of the record and not from the kept facts, and compares. What differs is an alarm; nothing is mended silently.</summary>
internal sealed class Recount(RecordStore store, Counter counter, Contracts.People.IPersonLinks links, Ingredients ingredients, TimeProvider clock)
{
    private const int Step = 1_000, Named = 5;
    private const string Cells = "SELECT m, month, facility, commune, stratum, n, v FROM ind_cell";
    private const string Months = "SELECT m, month, facility, n, v FROM ind_month";
    private const string Days = "SELECT m, day, facility, n, v FROM ind_day";
    private const string Last = "SELECT at_us, cells, drift, said FROM ind_recount ORDER BY at_us DESC LIMIT 1";
    private const string Insert = "INSERT INTO ind_recount(at_us, cells, drift, said) VALUES(@at, @cells, @drift, @said) ON CONFLICT(at_us) DO UPDATE SET cells=excluded.cells, drift=excluded.drift, said=excluded.said";

    public async Task<RecountResult?> LastAsync(CancellationToken ct)
    {
        await using var connection = await store.Db.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<(long At, long Cells, long Drift, string Said)>(new CommandDefinition(Last, cancellationToken: ct));
        return row.At == 0 ? null : new RecountResult(Instants.FromMicroseconds(row.At), row.Cells, row.Drift, row.Said);
    }

    public async Task<RecountResult> RunAsync(CancellationToken ct)
    {
        await counter.CatchUpAsync(ct);
        var expected = await ExpectAsync(ct);
        await using var connection = await store.Db.OpenAsync(ct);
        var problems = new List<string>();
        var compared = Compare(expected.Cells, await CellsAsync(connection, ct), problems) + Compare(expected.Months, await PlacesAsync(connection, Months, ct), problems) + Compare(expected.Days, await PlacesAsync(connection, Days, ct), problems);
        var result = new RecountResult(clock.GetUtcNow(), compared, problems.Count, string.Join("; ", problems.Take(Named)));
        await store.Db.WriteAsync((open, transaction) => open.ExecuteAsync(new CommandDefinition(
            Insert, new { at = Instants.ToMicroseconds(result.At), cells = result.Cells, drift = result.Drift, said = result.Said }, transaction, cancellationToken: ct)), ct);
        return result;
    }

    private async Task<Delta> ExpectAsync(CancellationToken ct)
    {
        var delta = new Delta();
        await using var connection = await store.Db.OpenAsync(ct);
        var measures = (await MeasureTable.ReadAsync(connection, null, ct)).Select(k => k.Measure).ToLookup(m => m.View.Number);
        var traits = new Dictionary<string, Traits>(StringComparer.Ordinal);
        await foreach (var patient in HeadsAsync("Patient", ct))
        {
            traits[patient.Id] = FactReader.ReadTraits(patient, (await links.LinkedAsync(patient.Id, ct)).Min(StringComparer.Ordinal)!);
        }

        foreach (var type in FactReader.Types)
        {
            await foreach (var head in HeadsAsync(type, ct))
            {
                foreach (var fact in FactReader.Read(head, await ingredients.ForAsync(head, ct)))
                {
                    var row = fact.Of(traits.GetValueOrDefault(fact.Patient) ?? Traits.Unknown(fact.Patient));
                    foreach (var measure in measures[row.View.Number])
                    {
                        delta.Add(measure, row, 1);
                    }
                }
            }
        }

        delta.Turn(new Dictionary<(int, short, int, string, string), long>());
        return delta;
    }

    private async IAsyncEnumerable<StoredResource> HeadsAsync(string type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (long after = 0; await store.ChangedAsync(type, after, Step, ct) is { Count: > 0 } heads; after = heads[^1].Seq)
        {
            foreach (var head in heads.Where(h => !h.IsDeleted))
            {
                yield return head;
            }
        }
    }

    private static long Compare<TKey>(Dictionary<TKey, (long N, long V)> expected, Dictionary<TKey, (long N, long V)> kept, List<string> problems)
        where TKey : notnull
    {
        foreach (var key in expected.Keys.Union(kept.Keys))
        {
            var (wanted, has) = (expected.GetValueOrDefault(key), kept.GetValueOrDefault(key));
            if (wanted != has)
            {
                problems.Add($"{key}: {wanted.N}/{wanted.V} ≠ {has.N}/{has.V}");
            }
        }

        return expected.Count;
    }

    private static async Task<Dictionary<(int, int, string, string, string), (long, long)>> CellsAsync(DbConnection connection, CancellationToken ct) =>
        (await connection.QueryAsync<(int M, int Month, string Facility, string Commune, string Stratum, long N, long V)>(new CommandDefinition(Cells, commandTimeout: 0, cancellationToken: ct)))
            .ToDictionary(c => (c.M, c.Month, c.Facility, c.Commune, c.Stratum), c => (c.N, c.V));

    private static async Task<Dictionary<(int, int, string), (long, long)>> PlacesAsync(DbConnection connection, string sql, CancellationToken ct) =>
        (await connection.QueryAsync<(int M, int Day, string Facility, long N, long V)>(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: ct)))
            .ToDictionary(c => (c.M, c.Day, c.Facility), c => (c.N, c.V));
}
