using System.Net;
using System.Text.Json;
using Dapper;
using Mach.Care.Phrases;
using Mach.Data;
using Mach.Testing;

namespace Mach.Care.Tests;

public sealed class PhraseTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Phrases_come_with_the_latest_values_of_the_person_and_own_ones_take_the_place_of_shipped_ones(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var phrases = await ReadAsync(doctor, "p1");
        Assert.StartsWith("Tăng huyết áp đang điều trị, huyết áp gần nhất 150/90 mmHg (20/11/2026).", phrases["tha"], StringComparison.Ordinal);
        Assert.Equal("Người bệnh nữ, 61 tuổi.", phrases["nguoibenh"]);
        Assert.Equal("Dị ứng: ___.", phrases["diung"]);

        var token = CareHost.Token(await doctor.GetAsync("/phrases"));
        Assert.Equal("/phrases?said=kept&name=tha", (await doctor.PostAsync("/phrases", token, ("name", ".Thà"), ("text", "THA {ha}"))).Location);
        Assert.Equal("THA 150/90 mmHg (20/11/2026)", (await ReadAsync(doctor, "p1"))["tha"]);
        Assert.DoesNotContain("THA 150", string.Concat((await ReadAsync(await host.BrowserAsync("doctor2"), "p1")).Values), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await doctor.PostAsync("/phrases", token, ("name", "có dấu cách"), ("text", "x"))).Status);
        var deleted = await doctor.PostAsync("/phrases/delete", token, ("name", "tha"));
        Assert.Contains("value=\"THA {ha}\"", deleted.Html, StringComparison.Ordinal);
        Assert.StartsWith("Tăng huyết áp", (await ReadAsync(doctor, "p1"))["tha"], StringComparison.Ordinal);
        await using var connection = await host.Db.OpenAsync(default);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM car_phrase"));

        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("doctor-25012")).GetAsync("/people/p1/phrases", "application/json")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("registrar")).GetAsync("/phrases")).Status);
    }

    [Fact]
    public void Shipped_phrases_name_only_values_that_are_known()
    {
        string[] known = ["ngay", "ten", "gioi", "tuoi", "di-ung", .. Writing.Table.Rows("phrase-values.tsv").Select(c => c[0])];
        Assert.True(Phrase.Shipped.Count > 10);
        Assert.All(Phrase.Shipped, p =>
        {
            Assert.Equal(p.Name, Phrase.NameOf(p.Name));
            Assert.DoesNotContain('{', PhraseValues.Fill(p.Text, known.ToDictionary(k => k, _ => "1")));
            Assert.DoesNotContain("{", PhraseValues.Fill(p.Text, new Dictionary<string, string>()), StringComparison.Ordinal);
            Assert.All(System.Text.RegularExpressions.Regex.Matches(p.Text, "\\{([^}]*)\\}").Select(m => m.Groups[1].Value), name => Assert.Contains(name, known));
        });
    }

    private static async Task<Dictionary<string, string>> ReadAsync(Browser browser, string person) =>
        JsonDocument.Parse((await browser.GetAsync($"/people/{person}/phrases", "application/json")).Html).RootElement.EnumerateArray().ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("text").GetString()!);
}
