using Mach.Contracts.People;
using Mach.People.Index;
using Mach.Store;

namespace Mach.People.Links;

/// <summary>Follows Patient.link; both sides of a link carry it, so reading forward reaches everybody.</summary>
internal sealed class PersonLinks(RecordStore store) : IPersonLinks
{
    /// <summary>No person is linked so often; a longer chain is a mistake that must not read the whole store.</summary>
    private const int Most = 50;

    public async ValueTask<IReadOnlyList<string>> LinkedAsync(string patientId, CancellationToken ct)
    {
        var reached = new List<string> { patientId };
        for (var next = 0; next < reached.Count && reached.Count < Most;)
        {
            var wave = reached[next..];
            next = reached.Count;
            foreach (var patient in await store.ReadManyAsync([.. wave.Select(id => ("Patient", id))], ct))
            {
                // Most have none, and the whole body is dear to read.
                if (patient.Body.Span.IndexOf("\"link\""u8) >= 0)
                {
                    reached.AddRange(PatientView.Read(patient.Body).Links.Where(id => !reached.Contains(id)));
                }
            }
        }

        return reached;
    }
}
