using Mach.Data;

namespace Mach.Store.Writing;

/// <summary>Columns and statements of the five index tables, for inserting rows or for deleting them by key.</summary>
internal sealed class IndexTable
{
    private readonly LongColumn _tokHash = new(), _tokPk = new(), _tokDate = new(), _tokRid = new();
    private readonly LongColumn _refTarget = new(), _refParameter = new(), _refDate = new(), _refRid = new(), _refPk = new();
    private readonly LongColumn _strParameter = new(), _strRid = new(), _strPk = new();
    private readonly TextColumn _strText = new();
    private readonly LongColumn _datParameter = new(), _datLow = new(), _datRid = new(), _datHigh = new(), _datPk = new();
    private readonly LongColumn _qtyHash = new(), _qtyRid = new(), _qtyPk = new();
    private readonly DoubleColumn _qtyValue = new();

    public IndexTable(bool insert)
    {
        (string, Column)[] tok = [("h", _tokHash), ("pk", _tokPk), ("dt", _tokDate), ("rid", _tokRid)];
        (string, Column)[] reference = [("tgt", _refTarget), ("p", _refParameter), ("dt", _refDate), ("rid", _refRid), ("pk", _refPk)];
        (string, Column)[] str = [("p", _strParameter), ("s", _strText), ("rid", _strRid), ("pk", _strPk)];
        (string, Column)[] dat = [("p", _datParameter), ("lo", _datLow), ("rid", _datRid), ("hi", _datHigh), ("pk", _datPk)];
        (string, Column)[] qty = [("h", _qtyHash), ("v", _qtyValue), ("rid", _qtyRid), ("pk", _qtyPk)];
        Statements = insert
            ? [RowStatement.Insert("tok", tok), RowStatement.Insert("ref", reference), RowStatement.Insert("str", str), RowStatement.Insert("dat", dat), RowStatement.Insert("qty", qty)]
            : [RowStatement.Delete("tok", tok), RowStatement.Delete("ref", reference[..4]), RowStatement.Delete("str", str[..3]), RowStatement.Delete("dat", dat[..3]), RowStatement.Delete("qty", qty[..3])];
    }

    public IReadOnlyList<RowStatement> Statements { get; }

    public void Clear()
    {
        foreach (var statement in Statements)
        {
            statement.Clear();
        }

        // Not part of a delete's key, and so of no statement there.
        _refPk.Clear();
        _strPk.Clear();
        _datHigh.Clear();
        _datPk.Clear();
        _qtyPk.Clear();
    }

    public void Tok(long hash, long pk, long date, long rid)
    {
        _tokHash.Add(hash);
        _tokPk.Add(pk);
        _tokDate.Add(date);
        _tokRid.Add(rid);
    }

    public void Ref(long target, short parameter, long date, long rid, long pk)
    {
        _refTarget.Add(target);
        _refParameter.Add(parameter);
        _refDate.Add(date);
        _refRid.Add(rid);
        _refPk.Add(pk);
    }

    public void Str(short parameter, string text, long rid, long pk)
    {
        _strParameter.Add(parameter);
        _strText.Add(text);
        _strRid.Add(rid);
        _strPk.Add(pk);
    }

    public void Dat(short parameter, long low, long rid, long high, long pk)
    {
        _datParameter.Add(parameter);
        _datLow.Add(low);
        _datRid.Add(rid);
        _datHigh.Add(high);
        _datPk.Add(pk);
    }

    public void Qty(long hash, double value, long rid, long pk)
    {
        _qtyHash.Add(hash);
        _qtyValue.Add(value);
        _qtyRid.Add(rid);
        _qtyPk.Add(pk);
    }
}
