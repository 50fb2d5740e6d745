namespace Mach.Intake.Filing;

/// <summary>
/// Chooses from what waits, in order, a batch of dossiers that share no key with one of an earlier batch that is still under way.
/// Inside a batch dossiers may speak of one person (they are decided and committed in order), but never of one visit.
/// </summary>
internal sealed class BusyKeys
{
    public const string Visit = "visit ";
    public const string Person = "person ";

    /// <summary>Who holds a key: the number of the batch, and how many of its dossiers.</summary>
    private readonly Dictionary<string, (int Batch, int Count)> _busy = new(StringComparer.Ordinal);
    private int _batch;

    /// <summary>Takes up to <paramref name="most"/> dossiers out of <paramref name="waiting"/> and marks their keys.</summary>
    public List<PendingDossier> Take(List<PendingDossier> waiting, int most)
    {
        _batch++;
        var chosen = new List<PendingDossier>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var kept = 0;
        for (var i = 0; i < waiting.Count; i++)
        {
            var item = waiting[i];
            if (chosen.Count < most && !item.Keys.Exists(k => blocked.Contains(k) || IsBusy(k)))
            {
                chosen.Add(item);
                item.Keys.ForEach(Hold);
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

    /// <summary>Marks one more key of a dossier of the batch that was taken last; false when an earlier batch has it.</summary>
    public bool Add(PendingDossier item, string key)
    {
        if (IsBusy(key))
        {
            return false;
        }

        Hold(key);
        item.Keys.Add(key);
        return true;
    }

    public void Release(PendingDossier item)
    {
        foreach (var key in item.Keys)
        {
            var (batch, count) = _busy[key];
            if (count == 1)
            {
                _busy.Remove(key);
            }
            else
            {
                _busy[key] = (batch, count - 1);
            }
        }
    }

    private bool IsBusy(string key) => _busy.TryGetValue(key, out var held) && (held.Batch != _batch || key.StartsWith(Visit, StringComparison.Ordinal));

    private void Hold(string key) => _busy[key] = (_batch, _busy.GetValueOrDefault(key).Count + 1);
}
