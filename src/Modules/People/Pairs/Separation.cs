using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Kernel;
using Mach.People.Index;
using Mach.People.Links;
using Mach.Store;

namespace Mach.People.Pairs;

internal enum SeparationOutcome
{
    Done,
    NotLinked,
    /// <summary>Something that was to go over has changed or is not there: look again.</summary>
    Changed,
}

/// <summary>What was written into either record after two Patients were linked.</summary>
/// <param name="Patient">Whose compartment it is in now.</param>
/// <param name="IsNew">First written after the link; else an older one that was changed.</param>
public sealed record WrittenSince(string Type, string Id, string Patient, DateTimeOffset At, bool IsNew, string What);

/// <summary>
/// Takes a link apart. Both Patients lose the link and nothing else; what an officer says belongs to the other one goes over in the same transaction, as a new version that refers to the other Patient,
/// with a Provenance that says who decided, when and why.
/// </summary>
internal sealed class Separation(RecordStore store, PairTable pairs, Verdicts verdicts, TimeProvider clock)
{
    private const int PerPage = 500, Most = 5_000;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<WrittenSince>> WrittenSinceAsync(PairRow pair, CancellationToken ct)
    {
        var since = Instants.At(pair.AtUs);
        var written = new List<WrittenSince>();
        foreach (var patient in new[] { pair.PatientA, pair.PatientB })
        {
            for (string? cursor = null; written.Count < Most;)
            {
                if (await store.EverythingAsync(new EverythingQuery("Patient", patient) { Since = since, Count = PerPage, Cursor = cursor }, ct) is not { IsDeleted: false } page)
                {
                    break;
                }

                written.AddRange(page.Matches.Where(r => r.Type != "Patient").Select(r => new WrittenSince(r.Type, r.Id, patient, r.LastUpdated, r.Version == 1, WhatOf(r))));
                if ((cursor = page.Next) is null)
                {
                    break;
                }
            }
        }

        return [.. written.OrderByDescending(w => w.At).ThenBy(w => w.Id, StringComparer.Ordinal)];
    }

    /// <param name="move">Resources of one of the two that belong to the other, as Type/id.</param>
    public async Task<SeparationOutcome> TakeApartAsync(string one, string other, IReadOnlyList<string> move, string officer, string why, CancellationToken ct)
    {
        if (await pairs.FindAsync(one, other, ct) is not { State: PairRow.Same } pair)
        {
            return SeparationOutcome.NotLinked;
        }

        var listed = (await WrittenSinceAsync(pair, ct)).ToDictionary(w => $"{w.Type}/{w.Id}", StringComparer.Ordinal);
        var stored = (await store.ReadManyAsync([.. move.Where(listed.ContainsKey).Select(m => (listed[m].Type, listed[m].Id))], ct)).ToDictionary(r => $"{r.Type}/{r.Id}", StringComparer.Ordinal);
        var writes = new List<Write>();
        foreach (var key in move.Distinct(StringComparer.Ordinal))
        {
            if (!listed.TryGetValue(key, out var line) || !stored.TryGetValue(key, out var resource) || SubjectSplice.Move(resource.Body.Span, line.Patient, pair.Other(line.Patient)) is not { } body)
            {
                return SeparationOutcome.Changed;
            }

            writes.Add(new Write(WriteKind.Put, resource.Type, resource.Id, body, resource.Version));
        }

        if (writes.Count > 0)
        {
            writes.Add(Provenance(writes, officer, why));
        }

        return await verdicts.DecideAsync(new VerdictWanted(one, other, PairRow.Undone, officer, why) { Writes = writes }, ct) == VerdictOutcome.Done ? SeparationOutcome.Done : SeparationOutcome.Changed;
    }

    /// <remarks>Source: http://hl7.org/fhir/R4/provenance.html; the activity is "merge undone" as text, since v3-DataOperation knows only UPDATE.</remarks>
    private Write Provenance(List<Write> moved, string officer, string why)
    {
        var id = Ids.New();
        var root = new JsonObject
        {
            ["resourceType"] = "Provenance",
            ["id"] = id,
            ["target"] = new JsonArray([.. moved.Select(w => (JsonNode)new JsonObject { ["reference"] = $"{w.Type}/{w.Id}" })]),
            ["recorded"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["activity"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-DataOperation", ["code"] = "UPDATE" }),
                ["text"] = "Re-attributed to another person when a link was taken apart",
            },
            ["agent"] = new JsonArray(new JsonObject { ["who"] = new JsonObject { ["display"] = officer } }),
        };
        if (why.Length > 0)
        {
            root["reason"] = new JsonArray(new JsonObject { ["text"] = why });
        }

        return new Write(WriteKind.Put, "Provenance", id, GoldenPatient.Bytes(root), KnownNew: true);
    }

    /// <summary>A few words on what it is: its code's text, or its text.</summary>
    private static string WhatOf(StoredResource resource)
    {
        using var json = JsonDocument.Parse(resource.Body);
        foreach (var property in new[] { "code", "type", "medicationCodeableConcept", "vaccineCode", "class" })
        {
            if (json.RootElement.TryGetProperty(property, out var concept))
            {
                var first = concept.ValueKind == JsonValueKind.Array && concept.GetArrayLength() > 0 ? concept[0] : concept;
                if (first.ValueKind == JsonValueKind.Object)
                {
                    var coding = first.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array && codings.GetArrayLength() > 0 ? codings[0] : first;
                    foreach (var (from, name) in new[] { (first, "text"), (coding, "display"), (coding, "code") })
                    {
                        if (from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
                        {
                            return text.GetString()!;
                        }
                    }
                }
            }
        }

        return "";
    }
}
