using Mach.Contracts.Registry;
using Mach.Data;

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

    /// <summary>The rows of these facilities, for the commit that writes their Organization resources.</summary>
    public static TableRows ToTable(IEnumerable<Facility> facilities, long nowUs, string by) => new(
        "reg_facility",
        [
            ("code", ColumnType.Text), ("name", ColumnType.Text), ("status", ColumnType.Text), ("tier", ColumnType.Text),
            ("former_province", ColumnType.Text), ("commune_code", ColumnType.Text), ("updated_us", ColumnType.BigInt), ("updated_by", ColumnType.Text),
        ],
        [.. facilities.Select(f => new object?[] { f.Code, f.Name, f.Status == FacilityStatus.Provisional ? "provisional" : "active", f.Tier, f.FormerProvince, f.CommuneCode, nowUs, by })],
        ["code"]);
}
