namespace Mach.Store.Search;

/// <summary>The lists of a driver merged into one order, each place once.</summary>
internal sealed class CandidateStream(SearchLine line, IReadOnlyList<PostingList> lists, bool descending, Position? after)
{
    private readonly Queue<Position>[] _waiting = [.. lists.Select(_ => new Queue<Position>())];
    private readonly Position?[] _read = [.. lists.Select(_ => after)];
    private readonly bool[] _ended = new bool[lists.Count];
    private Position? _last = after;

    /// <summary>Up to <paramref name="count"/> further places; fewer only at the end.</summary>
    public async Task<List<Position>> NextAsync(int count, CancellationToken ct)
    {
        var batch = new List<Position>(count);
        while (batch.Count < count)
        {
            await FillAsync(count, ct).ConfigureAwait(false);
            var first = First();
            if (first < 0)
            {
                break;
            }

            var place = _waiting[first].Dequeue();
            if (place != _last)
            {
                batch.Add(place);
                _last = place;
            }
        }

        return batch;
    }

    private async Task FillAsync(int count, CancellationToken ct)
    {
        for (var i = 0; i < lists.Count; i++)
        {
            if (_waiting[i].Count > 0 || _ended[i])
            {
                continue;
            }

            var read = await lists[i].ReadAsync(line, _read[i], descending, count, ct).ConfigureAwait(false);
            _ended[i] = read.Count < count;
            foreach (var place in read)
            {
                _waiting[i].Enqueue(place);
            }

            if (read.Count > 0)
            {
                _read[i] = read[^1];
            }
        }
    }

    private int First()
    {
        var first = -1;
        for (var i = 0; i < _waiting.Length; i++)
        {
            if (_waiting[i].TryPeek(out var place)
                && (first < 0 || (descending ? place.CompareTo(_waiting[first].Peek()) > 0 : place.CompareTo(_waiting[first].Peek()) < 0)))
            {
                first = i;
            }
        }

        return first;
    }
}
