using Mach.Data;
using Mach.People.Links;
using Mach.Store;

namespace Mach.People.Pairs;

internal enum VerdictOutcome
{
    Done,
    /// <summary>There is no such Patient.</summary>
    Unknown,
    /// <summary>It would make one person of two that somebody declared different.</summary>
    DeclaredDifferent,
    /// <summary>They stay one person over others that are linked to both.</summary>
    LinkedOverOthers,
}

/// <summary>What to say of two Patients.</summary>
/// <param name="Officer">Account, or "mach" for a link that the weights made.</param>
internal sealed record VerdictWanted(string One, string Other, string Verdict, string Officer, string Why)
{
    /// <summary>What was weighed, for a pair that is new; null keeps what is known.</summary>
    public PairRow? Weighed { get; init; }
    /// <summary>Further writes of the same transaction: what goes back to its person when a link is undone.</summary>
    public IReadOnlyList<Write> Writes { get; init; } = [];
}

/// <summary>
/// Decides that two Patients are the same person (a link both ways, nothing else is touched), different, to be looked at later, or no longer the same.
/// Decisions are only added; the state of a pair is what was decided last.
/// </summary>
internal sealed class Verdicts(RecordStore store, PairTable pairs, TimeProvider clock)
{
    public const string Machine = "mach";
    private const int Attempts = 8;

    public async Task<VerdictOutcome> DecideAsync(VerdictWanted wanted, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(wanted, ct);
            }
            catch (CommitConflictException) when (attempt < Attempts)
            {
                // Somebody decided or wrote in between: what now holds is looked at anew.
            }
        }
    }

    private async Task<VerdictOutcome> TryAsync(VerdictWanted wanted, CancellationToken ct)
    {
        var no = await pairs.LastVerdictAsync(ct) + 1;
        var (a, b) = PairRow.Order(wanted.One, wanted.Other);
        var patients = (await store.ReadManyAsync([("Patient", a), ("Patient", b)], ct)).ToDictionary(p => p.Id, StringComparer.Ordinal);
        if (a == b || (patients.Count < 2 && wanted.Verdict == PairRow.Same))
        {
            return VerdictOutcome.Unknown;
        }

        var known = await pairs.FindAsync(a, b, ct) ?? wanted.Weighed ?? new PairRow { PatientA = a, PatientB = b };
        var graph = await LinkGraph.LoadAsync(pairs, [a, b], ct);
        if (wanted.Verdict == PairRow.Same && graph.Between(graph.PersonOf(a), graph.PersonOf(b), known) is not null)
        {
            return VerdictOutcome.DeclaredDifferent;
        }

        if (wanted.Verdict == PairRow.Different && graph.PersonOf(a, known).Contains(b))
        {
            return VerdictOutcome.LinkedOverOthers;
        }

        if (wanted.Verdict == known.State)
        {
            return VerdictOutcome.Done;
        }

        await store.CommitAsync(new Commit { Writes = [.. LinkWrites(patients, a, b, wanted.Verdict == PairRow.Same), .. wanted.Writes], Actor = wanted.Officer, Rows = Rows(wanted, known, no) }, ct);
        return VerdictOutcome.Done;
    }

    /// <summary>The rows of a decision; they go into the commit that carries it out.</summary>
    public TableRows[] Rows(VerdictWanted wanted, PairRow known, long no)
    {
        var now = Instants.Us(clock.GetUtcNow());
        return
        [
            PairTable.Row(known with { State = StateAfter(wanted.Verdict, known), AtUs = now }),
            PairTable.Row(new VerdictRow { No = no, PatientA = known.PatientA, PatientB = known.PatientB, AtUs = now, Verdict = wanted.Verdict, Officer = wanted.Officer, Why = wanted.Why, Bits = known.Bits }),
        ];
    }

    /// <summary>A link that was taken apart is remembered as that; any other decision that is taken back leaves the question open.</summary>
    private static string StateAfter(string verdict, PairRow known) => verdict == PairRow.Undone && known.State != PairRow.Same ? PairRow.Waiting : verdict;

    private static IEnumerable<Write> LinkWrites(Dictionary<string, StoredResource> patients, string a, string b, bool link)
    {
        foreach (var (id, other) in new[] { (a, b), (b, a) })
        {
            if (patients.TryGetValue(id, out var patient) && (link ? LinkSplice.Add(patient.Body.Span, other) : LinkSplice.Remove(patient.Body.Span, other)) is { } body)
            {
                yield return new Write(WriteKind.Put, "Patient", id, body, patient.Version);
            }
        }
    }
}
