using Mach.Data;

namespace Mach.Store.Writing;

/// <summary>Tables consent and tie of the heads of a group: their rows are taken away and written anew.</summary>
internal sealed class CareTables
{
    private readonly LongColumn _consentGone = new(), _tieGone = new();
    private readonly LongColumn _cPk = new(), _cRid = new(), _cN = new(), _cDepth = new(), _cDeny = new(), _cFacility = new(), _cLabels = new(), _cType = new(), _cWhy = new(), _cSince = new(), _cUntil = new(), _cLow = new(), _cHigh = new();
    private readonly TextColumn _cWho = new();
    private readonly LongColumn _tPk = new(), _tRid = new(), _tN = new(), _tKind = new(), _tFacility = new(), _tAt = new();
    private readonly TextColumn _tOther = new();
    private readonly RowStatement[] _all;

    public CareTables() => _all =
    [
        RowStatement.Delete("consent", [("rid", _consentGone)]),
        RowStatement.Delete("tie", [("rid", _tieGone)]),
        RowStatement.Insert("consent",
        [
            ("pk", _cPk), ("rid", _cRid), ("n", _cN), ("depth", _cDepth), ("deny", _cDeny), ("fac", _cFacility), ("who", _cWho), ("lab", _cLabels), ("type", _cType), ("why", _cWhy),
            ("since", _cSince), ("until", _cUntil), ("dlo", _cLow), ("dhi", _cHigh),
        ]),
        RowStatement.Insert("tie", [("pk", _tPk), ("rid", _tRid), ("n", _tN), ("kind", _tKind), ("fac", _tFacility), ("other", _tOther), ("at", _tAt)]),
    ];

    public IEnumerable<RowStatement> Statements => _all.Where(s => s.Count > 0);

    public void Clear()
    {
        foreach (var statement in _all)
        {
            statement.Clear();
        }
    }

    public void AddChange(Head head)
    {
        if (!CareKeys.Concerns(head.Type))
        {
            return;
        }

        if (head.Stored is { Keys.Count: > 0 })
        {
            (head.Type == ConsentType ? _consentGone : _tieGone).Add(head.Rid);
        }

        if (head.State != HeadState.Current)
        {
            return;
        }

        foreach (var row in head.Care.Consents)
        {
            _cPk.Add(head.Pk);
            _cRid.Add(head.Rid);
            _cN.Add(row.Number);
            _cDepth.Add(row.Depth);
            _cDeny.Add(row.Denies ? 1 : 0);
            _cFacility.Add(row.Facility);
            _cWho.Add(row.Who);
            _cLabels.Add(row.Labels);
            _cType.Add(row.Type);
            _cWhy.Add(row.Purposes);
            _cSince.Add(row.Since);
            _cUntil.Add(row.Until);
            _cLow.Add(row.DataFrom);
            _cHigh.Add(row.DataUntil);
        }

        foreach (var row in head.Care.Ties)
        {
            _tPk.Add(head.Pk);
            _tRid.Add(head.Rid);
            _tN.Add(row.Number);
            _tKind.Add((long)row.Kind);
            _tFacility.Add(row.Facility);
            _tOther.Add(row.Other);
            _tAt.Add(row.At);
        }
    }

    private static readonly short ConsentType = Mach.Fhir.Search.ResourceTypes.Number("Consent");
}
