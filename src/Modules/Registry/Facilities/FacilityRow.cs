using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Facilities;

/// <summary>One row of reg_facility.</summary>
internal sealed record FacilityRow
{
    public string Code { get; init; } = "";
    public string Name { get; init; } = "";
    public string Status { get; init; } = "";
    public string? Tier { get; init; }
    public string? FormerProvince { get; init; }
    public string? CommuneCode { get; init; }

    public const string Columns = "code AS Code, name AS Name, status AS Status, tier AS Tier, former_province AS FormerProvince, commune_code AS CommuneCode";

    public Facility ToFacility() => new()
    {
        Code = Code,
        Name = Name,
        Status = Status == "provisional" ? FacilityStatus.Provisional : FacilityStatus.Active,
        Tier = Tier,
        FormerProvince = FormerProvince,
        CommuneCode = CommuneCode,
    };

    /// <summary>The rows of these facilities, for the commit that changes what is known of them.</summary>
    public static TableRows ToTable(IEnumerable<Facility> facilities, long nowUs, string by) => new(
        "reg_facility",
        [
            ("code", ColumnType.Text), ("name", ColumnType.Text), ("status", ColumnType.Text), ("tier", ColumnType.Text),
            ("former_province", ColumnType.Text), ("commune_code", ColumnType.Text), ("updated_us", ColumnType.BigInt), ("updated_by", ColumnType.Text),
        ],
        [.. facilities.Select(f => new object?[] { f.Code, f.Name, f.Status == FacilityStatus.Provisional ? "provisional" : "active", f.Tier, f.FormerProvince, f.CommuneCode, nowUs, by })],
        ["code"]);

    /// <summary>The rows of the facilities that a change touches, as they will be today. A facility whose first mention is undone keeps its last row, as provisional.</summary>
    public static IEnumerable<TableRows> Of(RegistryDraft draft, DateOnly today, long nowUs, string by)
    {
        if (draft.Facilities.IsEmpty)
        {
            return [];
        }

        var after = draft.Facilities.Result();
        return [ToTable(draft.Facilities.Opened.Concat(draft.Facilities.Closed).Select(f => f.Subject).Distinct(StringComparer.Ordinal)
            .Select(code => (FacilityView.Read(after, code, today, long.MaxValue - 1) ?? FacilityView.Read(draft.State.Facilities, code, today, long.MaxValue - 1)! with { Status = FacilityStatus.Provisional }).ToFacility()), nowUs, by)];
    }
}
