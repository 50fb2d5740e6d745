using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Chart.Ips;
using Mach.Chart.Tests.Print;
using Mach.Data;
using Mach.Fhir.Validation;
using Mach.Store;
using Mach.Testing;

namespace Mach.Chart.Tests.Ips;

/// <summary>The International Patient Summary. Source: http://hl7.org/fhir/uv/ips/STU1.1, http://hl7.org/fhir/R4/documents.html.</summary>
public sealed class IpsTests
{
    private const string Long = "p-long-life";
    private static readonly string[] Required = ["11450-4", "48765-2", "10160-0"];

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task The_document_holds_the_record_and_is_valid(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 40);
        await OthersAsync(host.Store);
        var answer = await (await host.BrowserAsync("doctor")).GetAsync($"/people/{Long}/ips");
        Assert.Equal((HttpStatusCode.OK, "application/fhir+json"), (answer.Status, answer.Message.Content.Headers.ContentType?.MediaType));
        using var document = JsonDocument.Parse(answer.Html);
        AssertWhole(document.RootElement);
        var sections = Sections(document.RootElement);
        Assert.Equal([.. Required, "11369-6", "47519-4", "30954-2", "8716-3"], sections.Keys);
        Assert.All(sections, s => Assert.NotEmpty(s.Value));
        foreach (var words in new[] { "Nguyễn Thị Đào", "Bệnh lý tăng huyết áp", "Amlodipin 5mg", "Penicillin", "HbA1c", "Gan nhiễm mỡ", "Cúm mùa", "Cắt ruột thừa nội soi" })
        {
            Assert.Contains(words, answer.Html, StringComparison.Ordinal);
        }

        // The sender's rows stay in the record, and nobody outside is referred to.
        Assert.DoesNotContain("StructureDefinition/bhyt", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Practitioner/nobody-here", answer.Html, StringComparison.Ordinal);
        var kept = Assert.Single(await host.Log.ListAsync(Long, 10, default));
        Assert.Equal(("doctor", "record-open"), (kept.Event.Actor, kept.Event.Action));
    }

    [Fact]
    public async Task Where_nothing_is_known_that_is_said_and_never_that_there_is_nothing()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        var answer = await (await host.BrowserAsync("doctor")).GetAsync("/people/p-an/ips");
        using var document = JsonDocument.Parse(answer.Html);
        AssertWhole(document.RootElement);
        foreach (var code in new[] { "no-problem-info", "no-allergy-info", "no-medication-info" })
        {
            Assert.Contains($"\"{code}\"", answer.Html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("no-known", answer.Html, StringComparison.Ordinal);
        var sections = Sections(document.RootElement);
        Assert.All(Required, code => Assert.Single(sections[code]));
        Assert.All(new[] { "11369-6", "47519-4", "30954-2" }, code => Assert.Empty(sections[code]));
        Assert.Equal(3, answer.Html.Split("\"emptyReason\"").Length - 1);
    }

    [Fact]
    public async Task Records_of_one_person_become_one_patient()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [Bodies.Put(Bodies.Allergy("a-other", "p-baby", "Tôm, cua"))] }, CancellationToken.None);
        var answer = await (await host.BrowserAsync("doctor")).GetAsync("/people/p-lan/ips");
        using var document = JsonDocument.Parse(answer.Html);
        AssertWhole(document.RootElement);
        Assert.Contains("Tôm, cua", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Patient/p-baby", answer.Html, StringComparison.Ordinal);
        Assert.Single(document.RootElement.GetProperty("entry").EnumerateArray(), e => e.GetProperty("resource").GetProperty("resourceType").GetString() == "Patient");
    }

    [Fact]
    public async Task The_same_record_at_the_same_time_gives_the_same_document()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 20);
        await Stays.AddAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        foreach (var id in new[] { Long, Stays.Person })
        {
            var first = (await doctor.GetAsync($"/people/{id}/ips")).Html;
            Assert.Equal(first, (await doctor.GetAsync($"/people/{id}/ips")).Html);
            using var document = JsonDocument.Parse(first);
            AssertWhole(document.RootElement);
        }
    }

    [Fact]
    public async Task Who_may_not_read_the_record_gets_no_document()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, "p-hidden", 2);
        await Lives.LongAsync(host.Store, Long, 2);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("registrar")).GetAsync($"/people/{Long}/ips")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("person")).GetAsync($"/people/{Long}/ips")).Status);
        Assert.StartsWith("/sign-in", (await (await host.BrowserAsync(null)).GetAsync($"/people/{Long}/ips")).Location, StringComparison.Ordinal);
        var doctor = await host.BrowserAsync("doctor");
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/people/p-hidden/ips")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/people/nobody/ips")).Status);
    }

    [Fact]
    public void A_reference_to_outside_goes_and_leaves_a_part_whole()
    {
        var body = JsonNode.Parse("""
            {"resourceType":"Procedure","encounter":{"reference":"Encounter/x"},"subject":{"reference":"Patient/a"},"asserter":{"reference":"Practitioner/x","display":"BS. An"},
             "performer":[{"actor":{"reference":"Practitioner/x"}}],"partOf":[{"reference":"Procedure/y"}],"reasonReference":[{"reference":"#c"}]}
            """)!.AsObject();
        Assert.Equal(["Encounter/x", "Patient/a", "Practitioner/x", "Practitioner/x", "Procedure/y", "#c"], IpsBody.References(body));
        IpsBody.Closed(body, r => r == "Patient/a" ? "Patient/b" : null);
        Assert.Equal("""{"resourceType":"Procedure","subject":{"reference":"Patient/b"},"asserter":{"display":"BS. An","type":"Practitioner"},"performer":[{"actor":{"type":"Practitioner"}}],"reasonReference":[{"reference":"#c"}]}""", body.ToJsonString());
    }

    /// <summary>Valid R4, a composition first, every reference at one of the entries.</summary>
    private static void AssertWhole(JsonElement bundle)
    {
        Assert.Empty(ResourceValidator.Validate(bundle).Where(i => i.Severity is IssueSeverity.Fatal or IssueSeverity.Error).Select(i => $"{i.Expression}: {i.Diagnostics} ({i.Key})"));
        var entries = bundle.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(["Composition", "Patient"], entries.Take(2).Select(e => e.GetProperty("resource").GetProperty("resourceType").GetString()));
        var addresses = entries.Select(e => e.GetProperty("fullUrl").GetString()!).ToList();
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
        Assert.All(IpsBody.References(JsonNode.Parse(bundle.GetRawText())), reference => Assert.Contains(addresses, a => a == reference || a.EndsWith("/fhir/" + reference, StringComparison.Ordinal)));
    }

    private static Dictionary<string, List<JsonElement>> Sections(JsonElement bundle) =>
        bundle.GetProperty("entry")[0].GetProperty("resource").GetProperty("section").EnumerateArray().ToDictionary(
            s => s.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!,
            s => s.TryGetProperty("entry", out var entries) ? entries.EnumerateArray().ToList() : []);

    private static Task<CommitResult> OthersAsync(RecordStore store) => store.CommitAsync(new Commit
    {
        Actor = "test",
        Writes =
        [
            Bodies.Put(JsonNode.Parse($$"""{"resourceType":"Immunization","id":"imm-1","status":"completed","vaccineCode":{"text":"Cúm mùa"},"patient":{"reference":"Patient/{{Long}}"},"occurrenceDateTime":"2026-10-01","performer":[{"actor":{"reference":"Practitioner/nobody-here"} }]}""")!.AsObject()),
            Bodies.Put(JsonNode.Parse($$"""{"resourceType":"Procedure","id":"proc-1","status":"completed","code":{"text":"Cắt ruột thừa nội soi"},"subject":{"reference":"Patient/{{Long}}"},"performedDateTime":"2019-03-04"}""")!.AsObject()),
        ],
    }, CancellationToken.None);
}
