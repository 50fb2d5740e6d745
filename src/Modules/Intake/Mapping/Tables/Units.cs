using System.Collections.Frozen;

namespace Mach.Intake.Mapping.Tables;

/// <summary>UCUM codes of the spellings that Vietnamese laboratories use. Source of the codes: ucum.org; spellings seen in public dossiers.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, string> s_codes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["%"] = "%",
        ["mmol/L"] = "mmol/L",
        ["umol/L"] = "umol/L",
        ["µmol/L"] = "umol/L",
        ["μmol/L"] = "umol/L",
        ["nmol/L"] = "nmol/L",
        ["pmol/L"] = "pmol/L",
        ["g/L"] = "g/L",
        ["mg/L"] = "mg/L",
        ["g/dL"] = "g/dL",
        ["mg/dL"] = "mg/dL",
        ["ng/mL"] = "ng/mL",
        ["pg/mL"] = "pg/mL",
        ["ng/L"] = "ng/L",
        ["U/L"] = "U/L",
        ["IU/L"] = "[IU]/L",
        ["UI/L"] = "[IU]/L",
        ["u/I - 37oC"] = "U/L",
        ["U/L 37oC"] = "U/L",
        ["mIU/L"] = "m[IU]/L",
        ["uIU/mL"] = "u[IU]/mL",
        ["µIU/mL"] = "u[IU]/mL",
        ["mIU/mL"] = "m[IU]/mL",
        ["G/L"] = "10*9/L",
        ["10^9/L"] = "10*9/L",
        ["x10^9/L"] = "10*9/L",
        ["x10^9/lit"] = "10*9/L",
        ["K/uL"] = "10*3/uL",
        ["10^3/uL"] = "10*3/uL",
        ["T/L"] = "10*12/L",
        ["10^12/L"] = "10*12/L",
        ["x10^12/L"] = "10*12/L",
        ["x10^12/lit"] = "10*12/L",
        ["M/uL"] = "10*6/uL",
        ["L/L"] = "L/L",
        ["fL"] = "fL",
        ["pg"] = "pg",
        ["mm"] = "mm",
        ["cm"] = "cm",
        ["kg"] = "kg",
        ["mmHg"] = "mm[Hg]",
        ["mm/h"] = "mm/h",
        ["mL/min"] = "mL/min",
        ["giây"] = "s",
        ["s"] = "s",
        ["phút"] = "min",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_bySpan = s_codes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The UCUM code, or null for a spelling that is not known for sure.</summary>
    public static string? Ucum(ReadOnlySpan<char> unit)
    {
        unit = unit.Trim();
        // G/L counts cells (10⁹ per litre), g/L weighs: here the case decides.
        return unit is "g/L" or "g/l" ? "g/L" : s_bySpan.TryGetValue(unit, out var code) ? code : null;
    }
}
