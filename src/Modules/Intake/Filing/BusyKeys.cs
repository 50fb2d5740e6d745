namespace Mach.Intake.Filing;

/// <summary>
/// Chooses from what waits, in order, the dossiers that share no key with one under way or with an earlier one that still waits:
/// so two dossiers of one visit or one person are never decided side by side, and their order is kept.
/// </summary>
internal sealed class BusyKeys
{
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);

    /// <summary>Takes up to <paramref name="most"/> dossiers out of <paramref name="waiting"/> and marks their keys.</summary>
    public List<PendingDossier> Take(List<PendingDossier> waiting, int most)
    {
        var chosen = new List<PendingDossier>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var kept = 0;
        for (var i = 0; i < waiting.Count; i++)
        {
            var item = waiting[i];
            if (chosen.Count < most && !item.Keys.Exists(k => _busy.Contains(k) || blocked.Contains(k)))
            {
                chosen.Add(item);
                _busy.UnionWith(item.Keys);
            }
            else
            {
                blocked.UnionWith(item.Keys);
                waiting[kept++] = item;
            }
        }

        waiting.RemoveRange(kept, waiting.Count - kept);
        return chosen;
    }

    /// <summary>Marks one more key of a chosen dossier; false when another one has it.</summary>
    public bool Add(PendingDossier item, string key)
    {
        if (!_busy.Add(key))
        {
            return false;
        }

        item.Keys.Add(key);
        return true;
    }

    public void Release(PendingDossier item)
    {
        foreach (var key in item.Keys)
        {
            _busy.Remove(key);
        }
    }
}
