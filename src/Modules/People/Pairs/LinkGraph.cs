namespace Mach.People.Pairs;

/// <summary>Who is one person with whom by the decisions: edges of the state "same". What is decided of one pair does not touch another, so the order of decisions about different pairs does not matter.</summary>
internal sealed class LinkGraph
{
    private readonly Dictionary<string, List<PairRow>> _byPatient = new(StringComparer.Ordinal);

    private LinkGraph()
    {
    }

    /// <summary>Everything that can be reached from some Patients over "same", and all decisions about those.</summary>
    public static async Task<LinkGraph> LoadAsync(PairTable table, IReadOnlyCollection<string> from, CancellationToken ct)
    {
        var graph = new LinkGraph();
        var wave = from.ToList();
        while (wave.Count > 0)
        {
            foreach (var id in wave)
            {
                graph._byPatient.TryAdd(id, []);
            }

            var pairs = await table.OfAsync(wave, ct);
            foreach (var id in wave)
            {
                graph._byPatient[id].AddRange(pairs.Where(p => p.PatientA == id || p.PatientB == id));
            }

            wave = [.. pairs.Where(p => p.State == PairRow.Same).SelectMany(p => new[] { p.PatientA, p.PatientB }).Where(id => !graph._byPatient.ContainsKey(id)).Distinct(StringComparer.Ordinal)];
        }

        return graph;
    }

    /// <summary>One person's Patients, without going over the pair itself when asked so.</summary>
    public IReadOnlySet<string> PersonOf(string patient, PairRow? without = null)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { patient };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var id))
        {
            foreach (var pair in _byPatient.GetValueOrDefault(id) ?? [])
            {
                if (pair.State == PairRow.Same && !(pair.PatientA == without?.PatientA && pair.PatientB == without.PatientB) && reached.Add(pair.Other(id)))
                {
                    open.Enqueue(pair.Other(id));
                }
            }
        }

        return reached;
    }

    /// <summary>A decision "different" that stands between two persons, besides the one about the pair itself, which a new one takes the place of; null when there is none.</summary>
    public PairRow? Between(IReadOnlySet<string> one, IReadOnlySet<string> other, PairRow except) =>
        one.SelectMany(id => _byPatient.GetValueOrDefault(id) ?? []).FirstOrDefault(p => p.State == PairRow.Different && !(p.PatientA == except.PatientA && p.PatientB == except.PatientB)
            && ((one.Contains(p.PatientA) && other.Contains(p.PatientB)) || (one.Contains(p.PatientB) && other.Contains(p.PatientA))));
}
