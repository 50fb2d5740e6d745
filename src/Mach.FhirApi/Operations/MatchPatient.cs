using System.Text.Json;
using Mach.Contracts.People;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Operations;

/// <summary>Patient/$match: who of all known persons the one in the request may be, best first, each with its chance and grade. Nothing is written.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/patient-operation-match.html. With onlyCertainMatches several certain persons are none, unless they are linked as one.
/// Beyond the standard each entry says why: <see cref="Reason"/> repeats with the field, the level of agreement and the weight in bits.
/// </remarks>
internal static class MatchPatient
{
    private const int DefaultCount = 20, MaxCount = 100;
    private const string Grade = "http://hl7.org/fhir/StructureDefinition/match-grade";
    private const string Reason = Vietnam.Systems.Own + "/StructureDefinition/match-reason";

    public static async Task HandleAsync(FhirCall call)
    {
        call.Need("Patient", 's');
        var matcher = call.Context.RequestServices.GetService<IPersonMatcher>()
            ?? throw new FhirProblem(501, "not-supported", "This server has no index of persons to match with.");
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call, "resource", "onlyCertainMatches", "count");
        var patient = input.Object("resource") is { ValueKind: JsonValueKind.Object } inParameters ? inParameters : input.Resource;
        if (patient.ValueKind != JsonValueKind.Object)
        {
            throw new FhirProblem(400, "required", "Send the Patient to look for in a Parameters resource, as the parameter 'resource'.", "resource");
        }

        if (Bodies.JsonBody.TypeOf(patient) != "Patient")
        {
            throw new FhirProblem(400, "invalid", $"The parameter 'resource' is a Patient, not {FhirCall.Shorten(Bodies.JsonBody.TypeOf(patient) ?? "something else")}.", "resource");
        }

        var onlyCertain = input.Text("onlyCertainMatches") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new FhirProblem(400, "invalid", "onlyCertainMatches is true or false.", "onlyCertainMatches"),
        };
        var count = input.Number("count", DefaultCount, 1, MaxCount);
        var found = await matcher.MatchAsync(patient, onlyCertain ? MaxCount : count, call.Aborted);
        await WriteAsync(call, onlyCertain ? await OnlyCertainAsync(call, found) : found);
    }

    private static async Task<IReadOnlyList<PersonCandidate>> OnlyCertainAsync(FhirCall call, IReadOnlyList<PersonCandidate> found)
    {
        var certain = found.Where(f => f.Grade == MatchGrade.Certain).ToList();
        if (certain.Count > 1)
        {
            var one = call.Context.RequestServices.GetService<IPersonLinks>() is { } links ? await links.LinkedAsync(certain[0].PatientId, call.Aborted) : [];
            return certain.TrueForAll(c => one.Contains(c.PatientId)) ? certain[..1] : [];
        }

        return certain;
    }

    private static async Task WriteAsync(FhirCall call, IReadOnlyList<PersonCandidate> found)
    {
        var stored = (await call.Records.ReadManyAsync([.. found.Select(f => ("Patient", f.PatientId))], call.Aborted)).ToDictionary(p => p.Id, StringComparer.Ordinal);
        var shown = found.Where(f => stored.ContainsKey(f.PatientId)).ToList();
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        using var bundle = new BundleWriter(call.Base, "searchset", now, shown.Count, $"{call.Base}/Patient/$match", null);
        if (shown.Count > 0)
        {
            bundle.StartEntries();
            foreach (var candidate in shown)
            {
                bundle.WriteGraded(stored[candidate.PatientId], candidate.Score, json => WriteExtensions(json, candidate));
            }

            bundle.EndEntries();
        }

        await FhirAnswer.SendAsync(call, bundle.End());
    }

    private static void WriteExtensions(Utf8JsonWriter json, PersonCandidate candidate)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, Grade);
        json.WriteString("valueCode"u8, candidate.Grade switch { MatchGrade.Certain => "certain", MatchGrade.Probable => "probable", _ => "possible" });
        json.WriteEndObject();
        foreach (var reason in candidate.Reasons)
        {
            json.WriteStartObject();
            json.WriteString("url"u8, Reason);
            json.WriteStartArray("extension"u8);
            Part(json, "field", "valueCode", reason.Field);
            Part(json, "level", "valueCode", reason.Level);
            json.WriteStartObject();
            json.WriteString("url"u8, "bits"u8);
            json.WriteNumber("valueDecimal"u8, reason.Bits);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void Part(Utf8JsonWriter json, string url, string property, string value)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, url);
        json.WriteString(property, value);
        json.WriteEndObject();
    }
}
