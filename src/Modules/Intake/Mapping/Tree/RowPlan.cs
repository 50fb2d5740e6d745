using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tree;

/// <param name="Id">Resource id.</param>
internal readonly record struct PlannedResource(Fragment Fragment, string Id);

/// <summary>What one row becomes.</summary>
internal sealed class RowPlan(TableMap map, DossierRow row, int ordinal)
{
    public TableMap Map => map;
    public DossierRow Row => row;

    /// <summary>1-based place in the table.</summary>
    public int Ordinal => ordinal;

    /// <summary>Trimmed value, or null when absent or blank.</summary>
    public string? this[string field] => row.Get(field);

    /// <summary>The resource that answers for the whole row; without a fragment when the claim item does.</summary>
    public PlannedResource Main { get; set; }

    /// <summary>Further resources that carry some of the fields.</summary>
    public List<PlannedResource> Others { get; } = [];

    /// <summary>The row's item in the Claim.</summary>
    public Fragment? ClaimItem { get; set; }

    /// <summary>Fields that <see cref="Others"/>, the item or lists elsewhere carry.</summary>
    public UInt128 Covered { get; set; }

    /// <summary>Id of the resource this one is based on or reports on, or null.</summary>
    public string? Link { get; set; }

    /// <summary>Ids of the rows' resources that this one gathers (a report's results).</summary>
    public List<string>? Results { get; set; }

    /// <summary>Value of an ordered code that the plan found out (cost group of a result).</summary>
    public string? Group { get; set; }

    public void AddOther(Fragment fragment, string id)
    {
        Others.Add(new(fragment, id));
        Covered |= fragment.Own;
    }
}
