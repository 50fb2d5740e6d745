using Dapper;
using Mach.Data;
using Mach.Indicators.Cube;
using Mach.Indicators.Facts;
using Mach.Store;

namespace Mach.Indicators.Closing;

/// <summary>Notes what changes of months that somebody has signed, in the transaction that counts the change.</summary>
internal static class LateTrail
{
    private const string SignedMonths = "SELECT month, MIN(seq) AS seq FROM ind_closing WHERE hash IS NOT NULL GROUP BY month";
    private const string Insert = "INSERT INTO ind_late(month, facility, type, id, seq, what, patient, at_us) VALUES(@Month, @Facility, @Type, @Id, @Seq, @What, @Patient, @At) ON CONFLICT(month, facility, type, id, seq) DO NOTHING";

    private sealed record SignedMonth
    {
        public int Month { get; init; }
        public long Seq { get; init; }
    }

    /// <param name="heads">Newest versions of the piece of the log that is counted.</param>
    public static async Task NoteAsync(WriteSession session, IReadOnlyDictionary<(short View, string Id), Fact> before, IReadOnlyDictionary<(short View, string Id), Fact> now, IReadOnlyList<StoredResource> heads, DateTimeOffset at, CancellationToken ct)
    {
        var signed = (await session.Connection.QueryAsync<SignedMonth>(new CommandDefinition(SignedMonths, transaction: session.Transaction, cancellationToken: ct))).ToDictionary(s => s.Month, s => s.Seq);
        if (signed.Count == 0)
        {
            return;
        }

        var seqs = heads.ToDictionary(h => (h.Type, h.Id), h => h.Seq);
        var rows = new List<object>();
        foreach (var record in before.Keys.Union(now.Keys).GroupBy(k => (Type: FactReader.TypeOf(FactView.Of(k.View)), k.Id)))
        {
            var changed = record.Select(k => (Was: before.GetValueOrDefault(k), Is: now.GetValueOrDefault(k))).Where(c => c.Was is null || c.Is is null || !IsSame(c.Was, c.Is)).ToList();
            if (changed.Count == 0)
            {
                continue;
            }

            var patient = (changed[0].Is ?? changed[0].Was)!.Patient;
            var seq = seqs.TryGetValue(record.Key, out var own) ? own : seqs.GetValueOrDefault(("Patient", patient), heads[^1].Seq);
            foreach (var place in changed.SelectMany(c => new[] { c.Was, c.Is }).OfType<Fact>().Select(PlaceOf).Distinct().Where(p => signed.TryGetValue(p.Month, out var since) && seq > since))
            {
                bool Stands(IReadOnlyDictionary<(short View, string Id), Fact> facts) => record.Any(k => facts.TryGetValue(k, out var fact) && PlaceOf(fact) == place);
                rows.Add(new { place.Month, place.Facility, record.Key.Type, record.Key.Id, Seq = seq, What = !Stands(before) ? "added" : !Stands(now) ? "removed" : "changed", Patient = patient, At = Instants.ToMicroseconds(at) });
            }
        }

        if (rows.Count > 0)
        {
            await session.Connection.ExecuteAsync(new CommandDefinition(Insert, rows, session.Transaction, cancellationToken: ct));
        }
    }

    private static (int Month, string Facility) PlaceOf(Fact fact) => (Spans.MonthOf(fact.Day), fact.Facility);

    /// <summary>Gives the same to every definition, whatever version of the record it is of.</summary>
    private static bool IsSame(Fact a, Fact b) =>
        (a.Day, a.Facility, a.Commune, a.Person) == (b.Day, b.Facility, b.Commune, b.Person) && a.Columns.AsSpan().SequenceEqual(b.Columns);
}
