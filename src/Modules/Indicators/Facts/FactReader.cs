using System.Globalization;
using System.Text.Json;
using Mach.Contracts.People;
using Mach.Store;

namespace Mach.Indicators.Facts;

/// <summary>FHIR bodies to rows of the views. What a body does not say is null; a body without a day gives no row. Pure.</summary>
internal static class FactReader
{
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10", Icd9 = "http://hl7.org/fhir/sid/icd-9-cm", Bhyt = "https://mach.health.vn/fhir/CodeSystem/bhyt-", Own = "https://mach.health.vn/fhir/StructureDefinition/bhyt";

    /// <summary>Types that give rows or traits.</summary>
    public static readonly IReadOnlySet<string> Types = new HashSet<string>
    {
        "Encounter", "Condition", "Procedure", "ServiceRequest", "MedicationRequest", "DiagnosticReport", "Observation", "Claim", "Composition", "RelatedPerson", "Patient",
    };

    /// <summary>Views that a type may give rows to.</summary>
    public static IReadOnlyList<FactView> ViewsOf(string type) => type switch
    {
        "Encounter" => [FactView.Visit, FactView.Discharge],
        "Condition" => [FactView.Diagnosis],
        "Procedure" => [FactView.Procedure],
        "ServiceRequest" => [FactView.Order],
        "MedicationRequest" => [FactView.Medication],
        "DiagnosticReport" => [FactView.Report],
        "Observation" => [FactView.Result],
        "Claim" => [FactView.Claim],
        "Composition" => [FactView.Paper],
        "RelatedPerson" => [FactView.Birth],
        "Patient" => [FactView.Person],
        _ => [],
    };

    /// <summary>The type whose resources give a view its rows.</summary>
    public static string TypeOf(FactView view) => Types.First(t => ViewsOf(t).Contains(view));

    /// <summary>The rows of one head, without the traits of the person.</summary>
    /// <param name="atc">ATC code of an active ingredient by the catalogue; null = unknown.</param>
    public static IEnumerable<Fact> Read(StoredResource resource, Func<string, string?> atc)
    {
        if (resource.IsDeleted || ViewsOf(resource.Type).Count == 0)
        {
            return [];
        }

        using var document = JsonDocument.Parse(resource.Body);
        return [.. Rows(document.RootElement, resource, atc)];
    }

    /// <summary>Traits of a Patient's body.</summary>
    public static Traits ReadTraits(StoredResource patient, string person)
    {
        using var document = JsonDocument.Parse(patient.Body);
        var root = document.RootElement;
        var commune = "";
        foreach (var extension in First(root, "address") is { } address ? Items(address, "extension") : default)
        {
            if (Text(extension, "url")?.EndsWith("/commune-code", StringComparison.Ordinal) == true)
            {
                commune = Text(extension, "valueString") ?? Text(extension, "valueCode") ?? "";
            }
        }

        var isTest = PersonLabel.Read(root).HasFlag(PersonLabels.Test);
        return new Traits(patient.Id, person, Text(root, "gender") is "male" or "female" ? Text(root, "gender")! : "unknown", Text(root, "birthDate") ?? "", commune.Length == 5 && commune.All(char.IsAsciiDigit) ? commune : "", isTest);
    }

    private static IEnumerable<Fact> Rows(JsonElement body, StoredResource resource, Func<string, string?> atc)
    {
        var status = Text(body, "status");
        if (status is "entered-in-error" or "cancelled" or "draft" or "preliminary" or "planned" || Coded(Child(body, "verificationStatus"), null) is "entered-in-error" or "refuted")
        {
            yield break;
        }

        Fact? Row(FactView view, string? at, params object?[] own)
        {
            if (Day(at) is not { } day)
            {
                return null;
            }

            var (patient, facility) = (resource.Type == "Patient" ? resource.Id : Reference(body, "subject", "Patient") ?? Reference(body, "patient", "Patient") ?? "", FacilityOf(body));
            var columns = new object?[view.Width];
            own.CopyTo(columns, 0);
            Fact.Fill(view, columns, day, facility, Traits.Unknown(patient));
            return new Fact(view, resource.Id, resource.Seq, patient, patient, day, facility, "", columns);
        }

        foreach (var row in resource.Type switch
        {
            "Encounter" => Encounter(body, status, Row),
            "Condition" => [Coded(Child(body, "code"), Icd10) is { } code ? Row(FactView.Diagnosis, Text(body, "recordedDate") ?? Text(body, "onsetDateTime"), code, Coded(Child(body, "clinicalStatus"), null)) : null],
            "Procedure" => [Row(FactView.Procedure, Text(body, "performedDateTime") ?? Text(Child(body, "performedPeriod"), "start"), Coded(Child(body, "code"), null), Coded(Child(body, "category"), Bhyt + "ma-nhom"), Coded(Child(body, "code"), Icd9))],
            "ServiceRequest" => [Row(FactView.Order, Text(body, "authoredOn"), Coded(Child(body, "code"), null), Coded(First(body, "category"), Bhyt + "ma-nhom"), Coded(First(body, "category"), Bhyt + "ma-nhom") is null ? "referral" : "order")],
            "MedicationRequest" => [Medication(body, atc, Row)],
            "DiagnosticReport" => [Row(FactView.Report, Text(body, "effectiveDateTime") ?? Text(body, "issued"), Coded(Child(body, "code"), null), Coded(First(body, "category"), null))],
            "Observation" => [Observation(body, Row)],
            "Claim" => [Claim(body, Row)],
            "Composition" => [TableOf(Child(body, "type")) is { } table ? Row(FactView.Paper, Text(body, "date"), table) : null],
            "RelatedPerson" => [Coded(First(body, "relationship"), null) == "CHILD" ? Row(FactView.Birth, Text(body, "birthDate"), Text(body, "gender")) : null],
            "Patient" => [Row(FactView.Person, Text(body, "deceasedDateTime"))],
            _ => Array.Empty<Fact?>(),
        })
        {
            if (row is not null)
            {
                yield return row;
            }
        }
    }

    /// <summary>Discharge papers and record summaries are typed in LOINC, the other papers by their table.</summary>
    private static string? TableOf(JsonElement? type) => Coded(type, Bhyt + "table") ?? Coded(type, "http://loinc.org") switch { "18842-5" => "XML7", "34133-9" => "XML8", _ => null };

    private delegate Fact? MakeRow(FactView view, string? at, params object?[] own);

    private static IEnumerable<Fact?> Encounter(JsonElement body, string? status, MakeRow row)
    {
        var (period, hospital) = (Child(body, "period"), Child(body, "hospitalization"));
        var start = Text(period, "start");
        var (form, payer) = (Typed(body, Bhyt + "ma-loai-kcb"), Typed(body, Bhyt + "ma-doituong-kcb"));
        var (origin, destination) = (Identified(hospital, "origin"), Identified(hospital, "destination"));
        yield return row(FactView.Visit, start, Text(Child(body, "class"), "code"), form, payer, status, origin, destination, Hour(start));
        if (status == "finished")
        {
            var leaving = Child(hospital, "dischargeDisposition");
            yield return row(
                FactView.Discharge, Text(period, "end"), Text(Child(body, "class"), "code"), form, Number(Child(body, "length"), "value") ?? Days(start, Text(period, "end")), Coded(leaving, Bhyt + "ket-qua-dtri"), Coded(leaving, Bhyt + "ma-loai-rv"), origin, destination);
        }
    }

    private static Fact? Medication(JsonElement body, Func<string, string?> atc, MakeRow row)
    {
        var code = Coded(Child(body, "medicationCodeableConcept"), null);
        return row(FactView.Medication, Text(body, "authoredOn"), code, Coded(Child(body, "medicationCodeableConcept"), "http://www.whocc.no/atc") ?? (code is null ? null : atc(code)), Number(Child(Child(body, "dispenseRequest"), "quantity"), "value"));
    }

    private static Fact? Observation(JsonElement body, MakeRow row) => Items(body, "category").Any(c => Coded(c, null) == "laboratory")
        ? row(FactView.Result, Text(body, "effectiveDateTime") ?? Text(Child(body, "effectivePeriod"), "start"), Coded(Child(body, "code"), "http://loinc.org") ?? Coded(Child(body, "code"), null), Coded(First(body, "interpretation"), null), Number(Child(body, "valueQuantity"), "value"))
        : null;

    private static Fact? Claim(JsonElement body, MakeRow row)
    {
        var sent = Items(body, "extension").Where(e => Text(e, "url") == Own).SelectMany(e => Items(e, "extension")).Where(e => Text(e, "url") is not null).GroupBy(e => Text(e, "url")!).ToDictionary(g => g.Key, g => Text(g.First(), "valueString"));
        decimal? Amount(string field) => sent.GetValueOrDefault(field) is { } text && decimal.TryParse(text.Replace(',', '.'), NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : 0;
        // A facility may send what only adds up to the total by its items.
        var total = Number(Child(body, "total"), "value") ?? Items(body, "item").Sum(i => Number(Child(i, "net"), "value") ?? 0);
        return row(FactView.Claim, Text(body, "created") ?? Text(Child(body, "billablePeriod"), "start"), total, Amount("T_BHTT"), Amount("T_BNTT") + Amount("T_BNCCT"), Amount("T_THUOC"));
    }

    /// <summary>The facility that wrote it: of the dossier, or named as who provides.</summary>
    private static string FacilityOf(JsonElement body)
    {
        if (Text(Child(body, "meta"), "source") is { } source && source.StartsWith("urn:mach:dossier:", StringComparison.Ordinal))
        {
            var code = source.AsSpan("urn:mach:dossier:".Length);
            return code.IndexOf(':') is > 0 and var end ? code[..end].ToString() : "";
        }

        foreach (var name in (string[])["serviceProvider", "provider", "managingOrganization"])
        {
            if (Reference(body, name, "Organization") is { } id && id.StartsWith("cskcb-", StringComparison.Ordinal))
            {
                return id["cskcb-".Length..].ToUpperInvariant();
            }
        }

        return "";
    }

    /// <summary>Viet Nam's day of a date or instant; a month or a year alone is no day.</summary>
    private static DateOnly? Day(string? at)
    {
        if (at is null || at.Length < 10)
        {
            return null;
        }

        if (at.Length > 10 && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return DateOnly.FromDateTime(instant.ToOffset(Vietnam).DateTime);
        }

        return DateOnly.TryParseExact(at.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    private static decimal? Hour(string? at) =>
        at is { Length: > 10 } && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? (decimal)instant.ToOffset(Vietnam).Hour : null;

    /// <summary>Days of treatment where none are said: the day of leaving counts, as that of arrival does when both are one.</summary>
    private static decimal? Days(string? from, string? to) => Day(from) is { } first && Day(to) is { } last && last >= first ? (decimal)Math.Max(1, last.DayNumber - first.DayNumber) : null;

    private static string? Typed(JsonElement body, string system) => Items(body, "type").Select(t => Coded(t, system)).FirstOrDefault(c => c is not null);

    private static string? Identified(JsonElement? element, string name) => Text(Child(Child(element, name), "identifier"), "value");

    /// <summary>The code in a concept of a system; of any when null.</summary>
    private static string? Coded(JsonElement? concept, string? system)
    {
        foreach (var coding in concept is { } c ? Items(c, "coding") : default)
        {
            if ((system is null || Text(coding, "system") == system) && Text(coding, "code") is { Length: > 0 } code)
            {
                return code;
            }
        }

        return null;
    }

    private static string? Reference(JsonElement body, string name, string type) =>
        Text(Child(body, name), "reference") is { } reference && reference.StartsWith(type + "/", StringComparison.Ordinal) ? reference[(type.Length + 1)..] : null;

    private static JsonElement? Child(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>The elements of an array; none for anything else.</summary>
    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    private static JsonElement? First(JsonElement element, string name)
    {
        foreach (var item in Items(element, name))
        {
            return item;
        }

        return null;
    }

    private static string? Text(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static decimal? Number(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
