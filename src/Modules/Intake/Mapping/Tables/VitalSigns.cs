using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Intake.Mapping.Tree;

namespace Mach.Intake.Mapping.Tables;

/// <summary>
/// Vital signs that hospitals write into the course of illness as <c>CSST&lt;M75_T37_HA120/70_NT18_HL2&gt;</c>: M pulse,
/// T temperature, HA blood pressure, NT breathing, SPO2 oxygen saturation, CN weight. Parts in any order; what is no number is left.
/// Source: BHXH validator workbook for XML5.
/// </summary>
internal static partial class VitalSigns
{
    public const string Kind = "vs";

    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText s_unit = JsonEncodedText.Encode("unit");
    private static readonly JsonEncodedText s_effective = JsonEncodedText.Encode("effectiveDateTime");
    private static readonly JsonEncodedText s_component = JsonEncodedText.Encode("component");
    private static readonly JsonEncodedText s_codeName = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText s_quantity = JsonEncodedText.Encode("valueQuantity");
    private static readonly JsonEncodedText s_loinc = JsonEncodedText.Encode("http://loinc.org");
    private static readonly JsonEncodedText s_ucum = JsonEncodedText.Encode("http://unitsofmeasure.org");

    private static readonly Node[] s_head =
    [
        Shape.Fixed("status", "final"),
        Shape.Concept("category", "http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", inArray: true),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
    ];

    /// <param name="Loinc">Code of the sign.</param>
    /// <param name="Value">Digits; the systolic pressure of a pressure.</param>
    /// <param name="Second">Diastolic pressure, or null.</param>
    /// <param name="Unit">UCUM code, also shown.</param>
    internal sealed record Sign(string Loinc, string Value, string? Second, string Unit);

    /// <summary>The signs of one text, each once, in their order.</summary>
    public static IReadOnlyList<Sign> Find(string? text)
    {
        if (text is null || text.IndexOf("CSST<", StringComparison.OrdinalIgnoreCase) is not (var start and >= 0))
        {
            return [];
        }

        var end = text.IndexOf('>', start);
        var signs = new List<Sign>();
        foreach (var part in text[(start + 5)..(end < 0 ? text.Length : end)].Split('_', StringSplitOptions.TrimEntries))
        {
            if (Pattern().Match(part) is { Success: true } match && Make(match) is { } sign && signs.TrueForAll(s => s.Loinc != sign.Loinc))
            {
                signs.Add(sign);
            }
        }

        return signs;
    }

    public static void Write(Pen pen, string id, Sign sign)
    {
        pen.BeginResource();
        FhirParts.WriteHead(pen, "Observation", id);
        foreach (var node in s_head)
        {
            node.Write(pen);
        }

        WriteCode(pen, sign.Loinc);
        if (pen.Row["THOI_DIEM_DBLS"] is { } time)
        {
            Shape.AsDateTime.Write(pen, s_effective, time);
        }

        if (sign.Second is null)
        {
            WriteQuantity(pen, sign.Value, sign.Unit);
        }
        else
        {
            var array = pen.BeginArray(s_component);
            WriteComponent(pen, "8480-6", sign.Value, sign.Unit);
            WriteComponent(pen, "8462-4", sign.Second, sign.Unit);
            pen.EndArray(array);
        }

        pen.EndResource();
    }

    private static Sign? Make(Match match)
    {
        var value = match.Groups["a"].Value.Replace(',', '.');
        var second = match.Groups["b"] is { Success: true } b ? b.Value : null;
        return (match.Groups["name"].Value.ToUpperInvariant(), second) switch
        {
            ("M", null) => new("8867-4", value, null, "/min"),
            ("T", null) => new("8310-5", value, null, "Cel"),
            ("HA", not null) => new("85354-9", value, second, "mm[Hg]"),
            ("NT", null) => new("9279-1", value, null, "/min"),
            ("SPO2", null) => new("59408-5", value, null, "%"),
            ("CN", null) => new("29463-7", value, null, "kg"),
            _ => null,
        };
    }

    private static void WriteComponent(Pen pen, string loinc, string value, string unit)
    {
        var item = pen.BeginObject(null);
        WriteCode(pen, loinc);
        WriteQuantity(pen, value, unit);
        pen.EndObject(item);
    }

    private static void WriteCode(Pen pen, string loinc)
    {
        var code = pen.BeginObject(s_codeName);
        FhirParts.WriteCoding(pen, s_loinc, JsonEncodedText.Encode(loinc));
        pen.EndObject(code);
    }

    private static void WriteQuantity(Pen pen, string value, string unit)
    {
        Span<char> digits = stackalloc char[24];
        var quantity = pen.BeginObject(s_quantity);
        pen.Digits(s_value, digits[..DecimalForm.Canonical(value, digits)]);
        pen.String(s_unit, unit);
        pen.String(FhirParts.System, s_ucum);
        pen.String(FhirParts.CodeName, unit);
        pen.EndObject(quantity);
    }

    /// <summary>Id part of a sign of one entry.</summary>
    public static string Name(string entry, Sign sign) => string.Create(CultureInfo.InvariantCulture, $"{entry}-{sign.Loinc}");

    [GeneratedRegex(@"^(?<name>SPO2|HA|NT|CN|M|T)\s*:?\s*(?<a>\d{1,3}([.,]\d{1,2})?)(/(?<b>\d{1,3}))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
