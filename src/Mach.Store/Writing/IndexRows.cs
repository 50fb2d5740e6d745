using Mach.Data;

namespace Mach.Store.Writing;

/// <summary>The changes of a group to the five index tables, gathered as rows, sorted by key and handed over as columns.</summary>
internal sealed class IndexRows
{
    private readonly List<(long Hash, long Pk, long Date, long Rid)> _tok = [];
    private readonly List<(long Target, short Parameter, long Date, long Rid, long Pk)> _ref = [];
    private readonly List<(short Parameter, string Text, long Rid, long Pk)> _str = [];
    private readonly List<(short Parameter, long Low, long Rid, long High, long Pk)> _dat = [];
    private readonly List<(long Hash, double Value, long Rid, long Pk)> _qty = [];
    private readonly IndexTable _inserted = new(insert: true);
    private readonly IndexTable _deleted = new(insert: false);

    /// <summary>Statements in the order to run them: deletes first.</summary>
    public IEnumerable<RowStatement> Statements => [.. _deleted.Statements, .. _inserted.Statements];

    public void Clear()
    {
        _tok.Clear();
        _ref.Clear();
        _str.Clear();
        _dat.Clear();
        _qty.Clear();
        _inserted.Clear();
        _deleted.Clear();
    }

    /// <summary>Adds what leads from the stored rows of a head to its new ones.</summary>
    public void AddChange(Head head)
    {
        var (rid, pk, date, keys) = (head.Rid, head.Pk, head.Date, head.Keys);
        if (head.Stored is not { Keys.Count: > 0 } stored)
        {
            Insert(rid, pk, date, keys);
            return;
        }

        var old = stored.Keys;
        var samePk = stored.Pk == pk;
        var sameKey = samePk && stored.Date == date;
        foreach (var hash in Missing(old.Tokens, keys.Tokens, sameKey))
        {
            _deleted.Tok(hash, stored.Pk, stored.Date, rid);
        }

        foreach (var (target, parameter) in Missing(old.References, keys.References, sameKey))
        {
            _deleted.Ref(target, parameter, stored.Date, rid, 0);
        }

        foreach (var (parameter, text) in Missing(old.Strings, keys.Strings, samePk))
        {
            _deleted.Str(parameter, text, rid, 0);
        }

        foreach (var (parameter, low, _) in Missing(old.Dates, keys.Dates, samePk))
        {
            _deleted.Dat(parameter, low, rid, 0, 0);
        }

        foreach (var (hash, value) in Missing(old.Quantities, keys.Quantities, samePk))
        {
            _deleted.Qty(hash, value, rid, 0);
        }

        Insert(rid, pk, date, new HeadKeys(
            Missing(keys.Tokens, old.Tokens, sameKey),
            Missing(keys.References, old.References, sameKey),
            Missing(keys.Strings, old.Strings, samePk),
            Missing(keys.Dates, old.Dates, samePk),
            Missing(keys.Quantities, old.Quantities, samePk)));
    }

    /// <summary>Sorts what was added (neighbours land on the same pages) and fills the insert columns.</summary>
    public void Finish()
    {
        _tok.Sort();
        _ref.Sort();
        _str.Sort(static (a, b) => a.Parameter != b.Parameter ? a.Parameter.CompareTo(b.Parameter) : string.CompareOrdinal(a.Text, b.Text));
        _dat.Sort();
        _qty.Sort();
        foreach (var (hash, pk, date, rid) in _tok)
        {
            _inserted.Tok(hash, pk, date, rid);
        }

        foreach (var (target, parameter, date, rid, pk) in _ref)
        {
            _inserted.Ref(target, parameter, date, rid, pk);
        }

        foreach (var (parameter, text, rid, pk) in _str)
        {
            _inserted.Str(parameter, text, rid, pk);
        }

        foreach (var (parameter, low, rid, high, pk) in _dat)
        {
            _inserted.Dat(parameter, low, rid, high, pk);
        }

        foreach (var (hash, value, rid, pk) in _qty)
        {
            _inserted.Qty(hash, value, rid, pk);
        }
    }

    private void Insert(long rid, long pk, long date, HeadKeys keys)
    {
        foreach (var hash in keys.Tokens)
        {
            _tok.Add((hash, pk, date, rid));
        }

        foreach (var (target, parameter) in keys.References)
        {
            _ref.Add((target, parameter, date, rid, pk));
        }

        foreach (var (parameter, text) in keys.Strings)
        {
            _str.Add((parameter, text, rid, pk));
        }

        foreach (var (parameter, low, high) in keys.Dates)
        {
            _dat.Add((parameter, low, rid, high, pk));
        }

        foreach (var (hash, value) in keys.Quantities)
        {
            _qty.Add((hash, value, rid, pk));
        }
    }

    // When the patient or the date has moved, every row has: nothing is in both.
    private static T[] Missing<T>(T[] from, T[] other, bool comparable)
        where T : IEquatable<T>
    {
        if (!comparable || from.Length == 0 || other.Length == 0)
        {
            return from;
        }

        return Array.FindAll(from, item => Array.IndexOf(other, item) < 0);
    }
}
