using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Intake.Keeping;
using Mach.Intake.Taking;
using Mach.Store;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Filing;

/// <summary>A dossier with the decision under whom and after what it is filed.</summary>
/// <param name="Earlier">Its last version; null for a new visit.</param>
internal sealed record Decided(PendingDossier Item, Facility Facility, VersionRow? Earlier, PersonDecision? Person);

/// <summary>Looks up what is known about a batch of dossiers and asks the person index.</summary>
internal sealed class Deciding(RecordStore store, IPersonIndex people, IFacilityDirectory facilities)
{
    /// <summary>One entry per dossier that is to be committed; the others are finished when this returns.</summary>
    public async Task<IReadOnlyList<Decided>> DecideAsync(IReadOnlyList<PendingDossier> batch, CancellationToken ct)
    {
        var earlier = await Versions.LatestAsync(store.Db, batch.Select(i => i.Id), ct);
        var open = new List<(PendingDossier Item, VersionRow? Earlier)>(batch.Count);
        foreach (var item in batch)
        {
            var last = earlier.GetValueOrDefault(item.Id);
            if (last is null || !await IsSettledAsync(item, last, ct))
            {
                open.Add((item, last));
            }
        }

        if (open.Count == 0)
        {
            return [];
        }

        var persons = await people.DecideAsync([.. open.Select(o => o.Item.Claim! with { FiledUnder = o.Earlier?.Patient })], ct);
        var decided = new List<Decided>(open.Count);
        for (var i = 0; i < open.Count; i++)
        {
            decided.Add(new Decided(open[i].Item, await FacilityAsync(open[i].Item, ct), open[i].Earlier, persons[i]));
        }

        return decided;
    }

    /// <summary>True when the dossier brings nothing new; it is finished then.</summary>
    private async Task<bool> IsSettledAsync(PendingDossier item, VersionRow last, CancellationToken ct)
    {
        if (last.Sha.AsSpan().SequenceEqual(item.Sha))
        {
            item.LeaveUnchanged((int)last.Version, keepBytes: false);
            return true;
        }

        if (item.Dossier!.IsCheckIn && last.Kind == Versions.Complete)
        {
            item.Findings.Add(FilingFindings.LateCheckIn(item.Position));
            item.LeaveUnchanged((int)last.Version, keepBytes: true);
            return true;
        }

        var known = await Versions.BytesAsync(store.Db, last.Dossier, last.Version, ct);
        if (known is not null && SameContent.Are(EnvelopeReader.ReadDossier(known, item.Position, last.Facility), item.Dossier))
        {
            item.LeaveUnchanged((int)last.Version, keepBytes: true);
            return true;
        }

        return false;
    }

    private async Task<Facility> FacilityAsync(PendingDossier item, CancellationToken ct)
    {
        var code = item.Dossier!.FacilityCode;
        var facility = facilities.Find(code) ?? await facilities.EnsureAsync(code, ct);
        if (facility.Status == FacilityStatus.Provisional && !item.Findings.Exists(f => f.Rule == RuleNames.ProvisionalFacility))
        {
            item.Findings.Add(FilingFindings.ProvisionalFacility(item.Position, code));
        }

        return facility;
    }
}
