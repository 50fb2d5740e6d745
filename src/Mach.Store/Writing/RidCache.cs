namespace Mach.Store.Writing;

/// <summary>
/// Numbers of resources that others refer to (patients, facilities). A number never changes once committed, so the cache is never stale.
/// Two generations: when the young one is full it becomes the old one, and what is still used comes back.
/// </summary>
internal sealed class RidCache(int capacity)
{
    private Dictionary<(short Type, string Id), long> _young = [];
    private Dictionary<(short Type, string Id), long> _old = [];

    public bool TryGet((short Type, string Id) key, out long rid)
    {
        if (_young.TryGetValue(key, out rid))
        {
            return true;
        }

        if (_old.TryGetValue(key, out rid))
        {
            Add(key, rid);
            return true;
        }

        return false;
    }

    public void Add((short Type, string Id) key, long rid)
    {
        if (_young.Count >= capacity)
        {
            (_old, _young) = (_young, new Dictionary<(short, string), long>());
        }

        _young[key] = rid;
    }
}
