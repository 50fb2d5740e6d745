using System.Text;
using Mach.Store;

namespace Mach.Access.Tests.Fhir;

/// <summary>A few invented people with visits.</summary>
internal static class FhirSeed
{
    public const int Encounters = 25;

    public static Write Put(string type, string id, string json, int? ifVersion = null) =>
        new(WriteKind.Put, type, id, Encoding.UTF8.GetBytes(json), ifVersion);

    public static async Task CommitAsync(this AccessHost host, params Write[] writes) =>
        await host.Store.CommitAsync(new Commit { Writes = writes, Actor = "test" }, default);

    /// <summary>Patient p1 (three versions), p2, p3 (deleted); 25 encounters of p1, one observation in a unit of its own.</summary>
    public static async Task<AccessHost> WithRecordsAsync(this AccessHost host)
    {
        await host.CommitAsync(Patient("p1", "Nguyễn Thị Lan", "female"), Patient("p2", "Trần Văn Bình", "male"), Patient("p3", "Lê Thị Mai", "female"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.CommitAsync(Patient("p1", "Nguyễn Thị Lan", "other"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.CommitAsync(Patient("p1", "Nguyễn Thị Lan Hương", "female"), new Write(WriteKind.Delete, "Patient", "p3", default));
        for (var i = 0; i < Encounters; i++)
        {
            await host.CommitAsync(Put("Encounter", $"e{i}", $$$"""
                {"resourceType":"Encounter","id":"e{{{i}}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/p1"},"period":{"start":"2026-01-{{{i + 1:00}}}T08:00:00+07:00","end":"2026-01-{{{i + 1:00}}}T09:00:00+07:00"}}
                """));
        }

        await host.CommitAsync(Put("Observation", "o1", """
            {"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2339-0"}]},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":5.60,"unit":"mmol/L"}}
            """));
        return host;
    }

    private static Write Patient(string id, string name, string gender) => Put("Patient", id, $$"""
        {"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"urn:test","value":"{{id}}-so"}],"name":[{"text":"{{name}}"}],"gender":"{{gender}}","birthDate":"1965-07-12"}
        """);
}
