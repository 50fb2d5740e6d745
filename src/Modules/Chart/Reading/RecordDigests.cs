using System.Text.Json;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Store;
using Mach.Ui;

namespace Mach.Chart.Reading;

/// <summary>What the pages read by the thousand, each body opened and parsed once and not again for the next page.</summary>
internal sealed class RecordDigests(RecordView store, DigestShelf shelf)
{
    /// <summary>The newest of these people, by clinical date; all of them when they are fewer than <paramref name="most"/>.</summary>
    public Task<DigestPage<T>> NewestAsync<T>(IReadOnlyList<string> patients, DigestKind<T> kind, int most, CancellationToken ct) where T : class =>
        store.DigestsAsync(shelf, kind.Now, new(patients, most), ct);

    /// <summary>The newest that hold one of some values of a token parameter.</summary>
    public Task<DigestPage<T>> NewestAsync<T>(IReadOnlyList<string> patients, DigestKind<T> kind, string parameter, IReadOnlyList<string> values, int most, CancellationToken ct) where T : class =>
        store.DigestsAsync(shelf, kind.Now, new(patients, most) { Token = (parameter, values) }, ct);
}

/// <summary>What one reader makes of bodies of one type: kept for each language apart, since names of codes are in it.</summary>
internal sealed class DigestKind<T>(string type, Func<string, JsonElement, T?> read) where T : class
{
    private readonly Digest<T> _vietnamese = Of(type, read), _english = Of(type, read);

    /// <summary>In the language of the request.</summary>
    public Digest<T> Now => Texts.IsEnglish ? _english : _vietnamese;

    private static Digest<T> Of(string type, Func<string, JsonElement, T?> read) => new(type, version =>
    {
        using var document = JsonDocument.Parse(version.Body);
        return read(version.Id, document.RootElement);
    });
}

/// <summary>The readers whose digests are kept.</summary>
internal static class Kinds
{
    public static readonly DigestKind<Visit> Visits = new("Encounter", Visit.Read);
    public static readonly DigestKind<Diagnosis> Diagnoses = new("Condition", Diagnosis.Read);
    public static readonly DigestKind<MedicineEvent> Requests = new("MedicationRequest", MedicineEvent.Request);
    public static readonly DigestKind<MedicineEvent> Dispenses = new("MedicationDispense", MedicineEvent.Dispense);
    public static readonly DigestKind<ResultEvent> Results = new("Observation", ResultEvent.Read);
    public static readonly DigestKind<ReportLine> Reports = new("DiagnosticReport", ReportLine.Read);
}
