using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Chart.Tests;

/// <summary>FHIR bodies of invented people, in the shape that intake makes.</summary>
internal static class Bodies
{
    public static Write Put(JsonObject body)
    {
        var (type, id) = ((string)body["resourceType"]!, (string)body["id"]!);
        return new(WriteKind.Put, type, id, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    public static JsonObject Patient(string id, string name, string? birth, string gender, string? cccd = null, string? card = null, string? phone = null, string? address = null, params string[] facilities)
    {
        var identifiers = new JsonArray();
        void Add(string system, string? value)
        {
            if (value is not null)
            {
                identifiers.Add(new JsonObject { ["system"] = system, ["value"] = value });
            }
        }

        Add(Systems.NationalId, cccd);
        Add(Systems.InsuranceCard, card);
        Add(Systems.InsuranceNumber, card?[^10..]);
        foreach (var facility in facilities)
        {
            Add(Systems.PatientNumber(facility), "BN" + id);
        }

        var body = new JsonObject
        {
            ["resourceType"] = "Patient",
            ["id"] = id,
            ["identifier"] = identifiers,
            ["name"] = new JsonArray(new JsonObject { ["text"] = name, ["family"] = name.Split(' ')[0], ["given"] = new JsonArray(name.Split(' ')[^1]) }),
            ["gender"] = gender,
        };
        if (birth is not null)
        {
            body["birthDate"] = birth;
        }

        if (phone is not null)
        {
            body["telecom"] = new JsonArray(new JsonObject { ["system"] = "phone", ["value"] = phone });
        }

        if (address is not null)
        {
            body["address"] = new JsonArray(new JsonObject { ["text"] = address });
        }

        return body;
    }

    public static JsonObject Encounter(string id, string patient, string facility, DateTimeOffset start, string @class = "AMB", params string[] conditions) =>
        Source(new JsonObject
        {
            ["resourceType"] = "Encounter",
            ["id"] = id,
            ["status"] = "finished",
            ["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = @class },
            ["type"] = new JsonArray(Text(@class == "IMP" ? "Điều trị nội trú" : "Khám bệnh")),
            ["subject"] = Ref("Patient/" + patient),
            ["period"] = new JsonObject { ["start"] = At(start), ["end"] = At(start.AddHours(@class == "IMP" ? 120 : 2)) },
            ["reasonCode"] = new JsonArray(Text("Đau đầu, mệt")),
            ["diagnosis"] = new JsonArray([.. conditions.Select((c, i) => (JsonNode)new JsonObject { ["condition"] = Ref("Condition/" + c), ["rank"] = i + 1 })]),
            ["serviceProvider"] = Ref("Organization/cskcb-" + facility),
        }, facility, id, "XML1", 1);

    public static JsonObject Condition(string id, string patient, string visit, string facility, string code, string text, DateTimeOffset at) =>
        Source(new JsonObject
        {
            ["resourceType"] = "Condition",
            ["id"] = id,
            ["category"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "encounter-diagnosis" }) }),
            ["code"] = Coded(Systems.Icd10, code, text),
            ["subject"] = Ref("Patient/" + patient),
            ["encounter"] = Ref("Encounter/" + visit),
            ["recordedDate"] = At(at),
        }, facility, visit, "XML1", 1);

    public static JsonObject Prescription(string id, string patient, string visit, string facility, string code, string name, string dose, int days, DateTimeOffset at, int row) =>
        Source(new JsonObject
        {
            ["resourceType"] = "MedicationRequest",
            ["id"] = id,
            ["status"] = "completed",
            ["intent"] = "order",
            ["medicationCodeableConcept"] = Coded(Systems.DrugCode, code, name),
            ["subject"] = Ref("Patient/" + patient),
            ["encounter"] = Ref("Encounter/" + visit),
            ["authoredOn"] = At(at),
            ["dosageInstruction"] = new JsonArray(new JsonObject { ["text"] = dose }),
            ["dispenseRequest"] = new JsonObject
            {
                ["quantity"] = new JsonObject { ["value"] = days * 2, ["unit"] = "viên" },
                ["expectedSupplyDuration"] = new JsonObject { ["value"] = days, ["unit"] = "ngày" },
            },
        }, facility, visit, "XML2", row);

    public static JsonObject Observation(string id, string patient, string visit, string facility, string code, string name, double value, string unit, DateTimeOffset at, int row, string? flag = null)
    {
        var body = Source(new JsonObject
        {
            ["resourceType"] = "Observation",
            ["id"] = id,
            ["status"] = "final",
            ["category"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = row == 0 ? "vital-signs" : "laboratory" }) }),
            ["code"] = Coded(Systems.IndicatorCode, code, name),
            ["subject"] = Ref("Patient/" + patient),
            ["encounter"] = Ref("Encounter/" + visit),
            ["effectiveDateTime"] = At(at),
            ["valueQuantity"] = new JsonObject { ["value"] = Math.Round(value, 1), ["unit"] = unit },
        }, facility, visit, "XML4", Math.Max(row, 1));
        if (flag is not null)
        {
            body["interpretation"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = flag }) });
        }

        return body;
    }

    public static JsonObject Report(string id, string patient, string visit, string facility, string name, string conclusion, DateTimeOffset at) =>
        Source(new JsonObject
        {
            ["resourceType"] = "DiagnosticReport",
            ["id"] = id,
            ["status"] = "final",
            ["code"] = Text(name),
            ["subject"] = Ref("Patient/" + patient),
            ["encounter"] = Ref("Encounter/" + visit),
            ["effectiveDateTime"] = At(at),
            ["conclusion"] = conclusion,
        }, facility, visit, "XML4", 1);

    public static JsonObject Coverage(string id, string patient, string number, string from, string to) => new()
    {
        ["resourceType"] = "Coverage",
        ["id"] = id,
        ["status"] = "active",
        ["subscriberId"] = number,
        ["beneficiary"] = Ref("Patient/" + patient),
        ["period"] = new JsonObject { ["start"] = from, ["end"] = to },
        ["payor"] = new JsonArray(new JsonObject { ["display"] = "BHXH" }),
    };

    public static JsonObject Allergy(string id, string patient, string substance) => new()
    {
        ["resourceType"] = "AllergyIntolerance",
        ["id"] = id,
        ["code"] = Text(substance),
        ["criticality"] = "high",
        ["patient"] = Ref("Patient/" + patient),
    };

    public static string At(DateTimeOffset instant) => instant.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public static JsonObject Source(JsonObject body, string facility, string visit, string table, int row)
    {
        body["meta"] = new JsonObject { ["source"] = new DossierUri(facility, visit, table, row).ToString() };
        return body;
    }

    public static JsonObject Ref(string reference) => new() { ["reference"] = reference };

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonObject Coded(string system, string code, string text) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }), ["text"] = text };
}
