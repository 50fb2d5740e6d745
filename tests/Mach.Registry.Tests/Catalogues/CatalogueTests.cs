using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Catalogues;
using Mach.Registry.Imports;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Tests.Catalogues;

public sealed class CatalogueTests
{
    private static readonly DateOnly Day = new(2026, 6, 1);

    [Fact]
    public void The_shipped_lists_have_what_each_day_needs()
    {
        Assert.True(ShippedCatalogue.Of("icd10").Count >= 12_000);
        var drugs = ShippedCatalogue.Of("drugs");
        Assert.True(drugs.Count >= 300);
        Assert.All(drugs.All, d => Assert.Matches("^[A-Z][0-9]{2}[A-Z]{2}([0-9]{2})?$", d.Attributes["atc"]));
        Assert.All(drugs.All, d => Assert.NotEqual("", d.Attributes["strength"]));
        var tests = ShippedCatalogue.Of("tests");
        Assert.True(tests.All.Count(t => t.Attributes.ContainsKey("unit") && t.Attributes.ContainsKey("reference")) >= 150 && tests.Count >= 200);
        Assert.All(tests.All.Where(t => t.Attributes.ContainsKey("loinc")), t => Assert.True(HasCheckDigit(t.Attributes["loinc"]), t.Attributes["loinc"]));
        Assert.True(ShippedCatalogue.Of("services").Count >= 8_000);
        Assert.True(ShippedCatalogue.Of("insurance-objects").Count >= 40);
        Assert.Equal(55, ShippedCatalogue.Of("ethnic-groups").Count);
        Assert.Equal(11, ShippedCatalogue.Of("occupations").Count);
        Assert.Equal("Việt Nam", ShippedCatalogue.Of("nationalities").Find("000")!.Name);
        Assert.Throws<ArgumentException>(() => ShippedCatalogue.Of("no such list"));
    }

    [Fact]
    public void The_rules_of_icd10_are_those_of_the_published_list()
    {
        var list = ShippedCatalogue.Of("icd10");
        using var reader = File.OpenText(Shared.File("icd10-vn.csv"));
        var rows = Mach.Registry.Imports.Csv.Read(reader.ReadToEnd());
        var checkedCodes = 0;
        foreach (var row in rows.Skip(1))
        {
            if (list.Find(row.Cells[0].TrimEnd('†', '*')) is { } entry)
            {
                checkedCodes++;
                foreach (var (name, place) in new[] { ("not_main", 6), ("sex", 7), ("age_min_days", 8), ("age_max_days", 9) })
                {
                    Assert.True(entry.Attributes.GetValueOrDefault(name, "") == row.Cells[place], $"{entry.Code} {name}");
                }
            }
        }

        Assert.True(checkedCodes > 12_000);
    }

    [Theory]
    [InlineData("icd10", "viem ruot thua cap", "K35")]
    [InlineData("icd10", "I10", "I10")]
    [InlineData("drugs", "paracetamol", "N02BE01")]
    [InlineData("tests", "glucose", "")]
    [InlineData("services", "sieu am o bung", "")]
    [InlineData("insurance-objects", "tre em", "TE")]
    [InlineData("ethnic-groups", "muong", "06")]
    [InlineData("occupations", "khong co nghe nghiep", "00000")]
    public async Task Entries_are_found_by_words_without_tones(string catalogue, string text, string begins)
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        var found = await host.Get<ICatalogues>().SearchAsync(catalogue, text, Day, 20, default);
        Assert.NotEmpty(found);
        Assert.StartsWith(begins, found[0].Code, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task An_old_visit_keeps_its_version_of_an_entry(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var catalogues = host.Get<CatalogueService>();
        var shipped = (await catalogues.FindAsync("icd10", "I10", Day, default))!;
        var from = new DateOnly(2026, 8, 15);
        var change = await ApplyAsync(host, "icd10", "MA_BENH;TEN_BENH;quyet_dinh;not_main;valid_to\nI10;Tăng huyết áp nguyên phát (mới);TT 06/2026;1;\nZ99.99;Mã mới;TT 06/2026;;31/12/2026\n", from);
        Assert.Equal(shipped with { To = from }, await catalogues.FindAsync("icd10", "I10", from.AddDays(-1), default));
        var now = (await catalogues.FindAsync("icd10", "I10", from, default))!;
        Assert.Equal(("Tăng huyết áp nguyên phát (mới)", "TT 06/2026", "1"), (now.Name, now.Version, now.Attributes["not_main"]));
        Assert.Null(await catalogues.FindAsync("icd10", "Z99.99", from.AddDays(-1), default));
        Assert.NotNull(await catalogues.FindAsync("icd10", "Z99.99", new DateOnly(2026, 12, 31), default));
        Assert.Null(await catalogues.FindAsync("icd10", "Z99.99", new DateOnly(2027, 1, 1), default));
        Assert.Equal(2, (await catalogues.VersionsAsync("icd10", "I10", default)).Count);
        Assert.Equal(now.Name, (await catalogues.SearchAsync("icd10", "tang huyet ap nguyen phat moi", from, 5, default))[0].Name);
        await host.Books.ChangeAsync(new ChangeNote("undo", "an", "nhầm", "import:icd10", change.Number), draft => Assert.Null(draft.Undo(change.Number)), default);
        Assert.Equal(shipped, await catalogues.FindAsync("icd10", "I10", from, default));
    }

    [Fact]
    public async Task An_entry_shows_who_said_what_of_it_and_when()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        Assert.DoesNotContain("id=\"history\"", (await officer.GetAsync("/catalogues/icd10/entry?code=I10")).Html, StringComparison.Ordinal);
        foreach (var name in new[] { "Tên một", "Tên hai" })
        {
            var upload = await officer.UploadAsync("icd10", "benh.csv", System.Text.Encoding.UTF8.GetBytes($"code,name,version\nI10,{name},TT 06/2026\n"));
            Assert.Equal(upload.Location, (await officer.PostAsync(upload.Location!, upload.Location + "/apply")).Location);
        }

        var page = (await officer.GetAsync("/catalogues/icd10/entry?code=I10")).Html;
        var history = page[page.IndexOf("id=\"history\"", StringComparison.Ordinal)..];
        Assert.Contains("Tên một", history, StringComparison.Ordinal);
        Assert.Contains("Tên hai", history, StringComparison.Ordinal);
        Assert.Contains("</a> data-officer", history, StringComparison.Ordinal);
        Assert.DoesNotContain("Tên một", page[..page.IndexOf("id=\"history\"", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    private static async Task<Change> ApplyAsync(RegistryHost host, string kind, string csv, DateOnly from)
    {
        var importing = host.Get<Importing>();
        return (await importing.ApplyAsync(await importing.KeepAsync(kind, "x.csv", System.Text.Encoding.UTF8.GetBytes(csv), from, "an", default), "an", default)).Change!;
    }

    /// <summary>LOINC's check digit: Luhn over the digits before the dash.</summary>
    private static bool HasCheckDigit(string loinc)
    {
        var (digits, check) = (loinc.Split('-')[0], loinc.Split('-')[1]);
        var sum = digits.Reverse().Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(n => n > 9 ? n - 9 : n);
        return ((10 - (sum % 10)) % 10).ToString(System.Globalization.CultureInfo.InvariantCulture) == check;
    }
}
