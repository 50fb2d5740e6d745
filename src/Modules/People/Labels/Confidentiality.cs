using System.Security.Claims;
using Mach.Access;
using Mach.Contracts.People;
using Mach.People.Pairs;

namespace Mach.People.Labels;

/// <summary>Who is labelled, over the links that were decided here: a label of one Patient holds for the whole person.</summary>
internal sealed class Confidentiality(LabelTable labels, PairTable pairs) : IPersonConfidentiality, ITestPersons, IPersonLabelKeeper
{
    public ValueTask<IReadOnlySet<string>> ConfidentialAsync(IReadOnlyCollection<string> patientIds, CancellationToken ct) => LabelledAsync(patientIds, PersonLabels.Confidential, ct);

    public ValueTask<IReadOnlySet<string>> TestAsync(IReadOnlyCollection<string> patientIds, CancellationToken ct) => LabelledAsync(patientIds, PersonLabels.Test, ct);

    public async ValueTask<IReadOnlyList<string>> AllTestAsync(CancellationToken ct) => await labels.AllAsync(PersonLabels.Test, ct);

    public async ValueTask<IReadOnlySet<string>> HiddenFromAsync(ClaimsPrincipal who, IReadOnlyCollection<string> patientIds, CancellationToken ct) =>
        who.HasRole(Roles.DataOfficer) ? Nobody : await ConfidentialAsync(patientIds, ct);

    public async Task<KeptLabels> KeepAsync(string patientId, ReadOnlyMemory<byte> body, int? expected, CancellationToken ct)
    {
        var known = expected is null ? PersonLabels.None : (await labels.FindAsync([patientId], ct)).GetValueOrDefault(patientId);
        var now = PersonLabel.Read(body);
        var missing = known & ~now;
        if ((missing & PersonLabels.Confidential) != 0)
        {
            body = LabelSplice.Add(body.Span, LabelTable.Confidential) ?? body;
        }

        if ((missing & PersonLabels.Test) != 0)
        {
            body = LabelSplice.Add(body.Span, LabelTable.Test) ?? body;
        }

        return new KeptLabels(body, (known | now) == known ? [] : [LabelTable.Row(patientId, (expected ?? 0) + 1, known | now)]);
    }

    private async ValueTask<IReadOnlySet<string>> LabelledAsync(IReadOnlyCollection<string> ids, PersonLabels label, CancellationToken ct)
    {
        if (ids.Count == 0)
        {
            return Nobody;
        }

        var graph = await LinkGraph.LoadAsync(pairs, ids, ct);
        var persons = ids.Distinct(StringComparer.Ordinal).ToDictionary(id => id, id => graph.PersonOf(id), StringComparer.Ordinal);
        var known = await labels.FindAsync([.. persons.Values.SelectMany(p => p).Distinct(StringComparer.Ordinal)], ct);
        return persons.Where(p => p.Value.Any(id => (known.GetValueOrDefault(id) & label) != 0)).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
    }

    private static readonly HashSet<string> Nobody = [];
}
