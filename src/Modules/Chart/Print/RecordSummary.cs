using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Chart.Visits;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Chart.Print;

/// <summary>What fills the form of a visit's record summary: what the facility wrote into XML8, and what the visit itself says.</summary>
/// <param name="Values">By the field's name in XML8, or by the form's own names.</param>
/// <param name="Day">Of the document (NGAY_CT).</param>
/// <param name="Source">Of the summary; null when none was sent for this visit.</param>
internal sealed record RecordSummary(IReadOnlyDictionary<string, string> Values, PartialDate? Day, string? Source);

/// <summary>Reads the record summary of a visit through the caller's sight.</summary>
internal sealed class RecordSummaryReader(RecordView store)
{
    private const int MostPapers = 100;
    private const string Loinc = "http://loinc.org", SummaryCode = "34133-9";
    private static readonly string[] Rows = ["HO_TEN_CHA", "HO_TEN_ME", "NGUOI_GIAM_HO", "DON_VI", "SO_CONCHET", "MA_THE_TAM"];
    private static readonly string[] Days = ["NGAY_SINHCON", "NGAY_CONCHET"];

    /// <summary>The mapping of XML8 leaves out what XML1 says in the same words, so that the visit is asked where the summary is silent.</summary>
    /// <remarks>Source: docs/mapping/XML8.md, docs/mapping/XML1.md.</remarks>
    public async Task<RecordSummary> ReadAsync(VisitDetail detail, CancellationToken ct)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (await store.ReadAsync("Encounter", detail.Visit.Id, ct) is { IsDeleted: false } encounter)
        {
            using var body = JsonDocument.Parse(encounter.Body);
            FromVisit(values, body.RootElement, detail);
        }

        var query = SearchQuery.Parse("Composition", [new("encounter", "Encounter/" + detail.Visit.Id), new("type", $"{Loinc}|{SummaryCode}")]) with { Count = MostPapers };
        var papers = (await store.SearchAsync(query, ct)).Matches.Where(m => !m.IsDeleted).OrderBy(m => m.Id, StringComparer.Ordinal).ToList();
        var (day, source) = ((PartialDate?)null, (string?)null);
        foreach (var paper in papers)
        {
            using var body = JsonDocument.Parse(paper.Body);
            if (body.RootElement.Text("status") is not "entered-in-error")
            {
                FromSummary(values, body.RootElement);
                (day, source) = (body.RootElement.Text("date").AsDate() ?? day, body.RootElement.Source() ?? source);
            }
        }

        return new(values, day, source);
    }

    private static void FromVisit(Dictionary<string, string> values, JsonElement encounter, VisitDetail detail)
    {
        void Put(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                values[name] = value.Trim();
            }
        }

        foreach (var reason in encounter.Items("reasonCode").Where(r => r.Text("id") == "CHAN_DOAN_VAO"))
        {
            Put("CHAN_DOAN_VAO", reason.Text("text"));
        }

        foreach (var coding in (encounter.Child("hospitalization")?.Child("dischargeDisposition") ?? default).Items("coding"))
        {
            if (coding.Text("system") == Systems.BhytList("KET_QUA_DTRI") && coding.Text("code") is { } outcome)
            {
                Put("outcome", CodeLists.Find("KET_QUA_DTRI", outcome)?.Vi ?? outcome);
            }
        }

        Put("record", encounter.Received("MA_HSBA"));
        Put("care", encounter.First("type").ConceptText());
        Put("department", detail.Visit.Department);
        Put("CHAN_DOAN_RV", string.Join("; ", detail.Diagnoses.Select(d => d.Code is null || d.Text.Contains(d.Code, StringComparison.Ordinal) ? d.Text : $"{d.Text} ({d.Code})").Distinct(StringComparer.Ordinal)));
    }

    private static void FromSummary(Dictionary<string, string> values, JsonElement paper)
    {
        foreach (var section in paper.Items("section"))
        {
            if (section.Text("id") is { } field && Narrative.Plain(section.Child("text")?.Text("div")) is { Length: > 0 } text)
            {
                values[field] = text;
            }
        }

        foreach (var field in Rows)
        {
            if (paper.Received(field) is { } text)
            {
                values[field] = text;
            }
        }

        foreach (var field in Days)
        {
            if (paper.Received(field) is { } text)
            {
                values[field] = PartialDate.TryParseDigits(text, out var day) ? Ui.Dates.Show(day) : text;
            }
        }

        if (paper.Received("KET_QUA_DTRI") is { } outcome)
        {
            values["outcome"] = CodeLists.Find("KET_QUA_DTRI", outcome)?.Vi ?? outcome;
        }
    }
}
