using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Mach.Kernel;

namespace Mach.Fhir.Labels;

/// <summary>
/// The labels that a resource carries: those its writer gave it (<c>meta.security</c>) and those that follow from its codes, wherever in it they stand.
/// What makes them is the table sensitivity.tsv; a change of the table labels everything anew (<see cref="Version"/>).
/// </summary>
public static class Sensitivity
{
    private const int LongestCode = 7;

    private static readonly (string Version, FrozenDictionary<(CodeKind Kind, string Prefix), DataLabels> Rules) Table = Load();
    private static readonly FrozenDictionary<(CodeKind Kind, string Prefix), DataLabels> Rules = Table.Rules;

    private enum CodeKind { Other, Icd10, Atc, Security }

    /// <summary>Changes with the table.</summary>
    public static string Version => Table.Version;

    /// <summary>The labels of a resource; what is contained in it counts too.</summary>
    public static DataLabels Of(JsonElement resource)
    {
        var found = DataLabels.None;
        Walk(resource, ref found);
        // A kind says more than that it is restricted: who may see the kind may see it.
        return (found & ~(DataLabels.Restricted | DataLabels.Confidential | DataLabels.Minor)) != 0 ? found & ~DataLabels.Restricted : found;
    }

    /// <summary>The labels that a security label stands for; none when it is not one that this table knows.</summary>
    internal static DataLabels OfSecurityLabel(string system, string code) => KindOf(system) == CodeKind.Security ? LabelsOf(CodeKind.Security, code) : DataLabels.None;

    private static void Walk(JsonElement element, ref DataLabels found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Walk(item, ref found);
            }

            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        JsonElement system = default, code = default;
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                Walk(property.Value, ref found);
            }
            else if (property.Value.ValueKind == JsonValueKind.String)
            {
                if (property.NameEquals("system"u8))
                {
                    system = property.Value;
                }
                else if (property.NameEquals("code"u8))
                {
                    code = property.Value;
                }
            }
        }

        if (system.ValueKind == JsonValueKind.String && code.ValueKind == JsonValueKind.String && KindOf(system.GetString()!) is var kind and not CodeKind.Other)
        {
            found |= LabelsOf(kind, code.GetString()!);
        }
    }

    private static DataLabels LabelsOf(CodeKind kind, string code)
    {
        if (kind == CodeKind.Security)
        {
            return Rules.GetValueOrDefault((kind, code));
        }

        // B20.1, B201 and b20.1† are one code; subdivisions follow their category.
        var plain = new string([.. code.Where(char.IsAsciiLetterOrDigit).Take(LongestCode)]).ToUpperInvariant();
        var found = DataLabels.None;
        for (var length = 2; length <= plain.Length; length++)
        {
            found |= Rules.GetValueOrDefault((kind, plain[..length]));
        }

        return found;
    }

    private static CodeKind KindOf(string system) =>
        system.Contains("icd-10", StringComparison.OrdinalIgnoreCase) || system.Contains("icd10", StringComparison.OrdinalIgnoreCase) ? CodeKind.Icd10
        : system.Contains("whocc.no/atc", StringComparison.OrdinalIgnoreCase) ? CodeKind.Atc
        : system is "http://terminology.hl7.org/CodeSystem/v3-ActCode" or "http://terminology.hl7.org/CodeSystem/v3-Confidentiality" ? CodeKind.Security
        : CodeKind.Other;

    private static (string, FrozenDictionary<(CodeKind, string), DataLabels>) Load()
    {
        using var stream = typeof(Sensitivity).Assembly.GetManifestResourceStream("sensitivity.tsv") ?? throw new InvalidOperationException("sensitivity.tsv is not embedded.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        var rules = new Dictionary<(CodeKind, string), DataLabels>();
        foreach (var line in System.Text.Encoding.UTF8.GetString(buffer.ToArray()).Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var cells = line.Split('\t');
            var kind = cells[1] switch { "icd-10" => CodeKind.Icd10, "atc" => CodeKind.Atc, _ => CodeKind.Security };
            var prefix = kind == CodeKind.Security ? cells[2] : cells[2].Replace(".", "", StringComparison.Ordinal);
            rules[(kind, prefix)] = rules.GetValueOrDefault((kind, prefix)) | Enum.Parse<DataLabels>(cells[0]);
        }

        return (Convert.ToHexString(SHA256.HashData(buffer.ToArray()))[..12], rules.ToFrozenDictionary());
    }
}
