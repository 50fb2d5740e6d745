using System.Globalization;
using System.Net;
using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Facilities;
using Mach.Registry.Imports;
using Mach.Registry.Ledgers;
using Mach.Registry.Practitioners;

namespace Mach.Registry.Tests.Facilities;

/// <summary>The form of a facility, whole lists, and what the calendar publishes.</summary>
public sealed class FacilityEditTests
{
    private static readonly DateOnly Year = new(2026, 1, 1);

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Beds_services_and_days_are_stated_since_a_day_and_taken_back_on_the_page(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await host.Get<IFacilityDirectory>().PutAsync([New("25001"), New("25002")], default);
        var officer = await host.BrowserAsync("data-officer");
        var saved = await SaveAsync(host, officer, ("from", "2026-06-01"), ("planned", "120"), ("real", "135"), ("tier", "basic"), ("opened", "1990-05-02"), ("services", "18.0001.0001, 02.0085.1778"), ("predecessors", "25002"), ("why", "QĐ 7"));
        Assert.Equal("/facilities/25001?date=2026-06-01", saved.Location);
        async Task<FacilityView> View(DateOnly day) => FacilityView.Read((await host.Books.CurrentAsync(default)).Facilities, "25001", day, long.MaxValue - 1)!;
        var view = await View(new DateOnly(2026, 6, 1));
        Assert.Equal((120, 135, "basic", new DateOnly(1990, 5, 2), 2, "25002"), (view.BedsPlanned, view.BedsReal, view.Tier, view.Opened, view.Services.Count, view.Predecessors.Single()));
        Assert.Null((await View(new DateOnly(2026, 5, 31))).BedsPlanned);
        var page = (await officer.GetAsync("/facilities/25001")).Html;
        Assert.Contains("QĐ 7", page, StringComparison.Ordinal);
        var number = (await host.Books.CurrentAsync(default)).Number;
        Assert.Contains($"/registry/changes/{number}/undo", page, StringComparison.Ordinal);
        Assert.Equal("/facilities/25001", (await officer.PostAsync("/facilities/25001", $"/registry/changes/{number}/undo", ("back", "/facilities/25001"))).Location);
        Assert.Null((await View(new DateOnly(2026, 6, 1))).BedsPlanned);
        Assert.Equal("/facilities/25001?blocked=" + (number + 1), (await officer.PostAsync("/facilities/25001", $"/registry/changes/{number}/undo", ("back", "/facilities/25001"))).Location);
        Assert.Equal("/registry/changes", (await officer.PostAsync("/facilities/25001", $"/registry/changes/{number + 1}/undo", ("back", "//elsewhere.example/units/"))).Location);
    }

    [Theory]
    [InlineData("planned", "-1")]
    [InlineData("real", "10001")]
    [InlineData("tier", "royal")]
    [InlineData("opened", "31/02/2020")]
    [InlineData("closed", "0")]
    [InlineData("from", "")]
    [InlineData("services", "<x>")]
    [InlineData("services", "99.9999.9999")]
    [InlineData("predecessors", "25001")]
    [InlineData("predecessors", "25099")]
    [InlineData("why", " ")]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_is_written(string field, string value)
    {
        await using var host = await PageHost.StartAsync();
        await host.Get<IFacilityDirectory>().PutAsync([New("25001")], default);
        var number = (await host.Books.CurrentAsync(default)).Number;
        var answer = await SaveAsync(host, await host.BrowserAsync("administrator"), [("from", "2026-06-01"), ("why", "QĐ"), (field, value)]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain($"id=\"{field}-error\"></span>", answer.Html, StringComparison.Ordinal);
        Assert.Equal(1, answer.Html.Split("aria-invalid=\"true\"").Length - 1);
        Assert.Equal(number, (await host.Books.CurrentAsync(default)).Number);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Two_officers_on_one_fact_are_told_and_on_two_facts_both_are_kept(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await host.Get<IFacilityDirectory>().PutAsync([New("25001")], default);
        var (first, second) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("administrator"));
        var seen = (await host.Books.CurrentAsync(default)).Number;
        (string, string)[] Form(string field, string value) => [("seen", seen.ToString(CultureInfo.InvariantCulture)), ("shown", "2026-11-25"), ("from", "2026-06-01"), ("why", "QĐ"), (field, value)];
        Assert.NotNull((await PostAsync(first, Form("planned", "100"))).Location);
        Assert.NotNull((await PostAsync(second, Form("real", "90"))).Location);
        var refused = await PostAsync(second, Form("planned", "200"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("data-officer đã đổi", refused.Html, StringComparison.Ordinal);
        // What was typed stays, with what holds now beside it; what was not touched is the first officer's.
        Assert.Contains("name=\"planned\" inputmode=\"numeric\" maxlength=\"6\" value=\"200\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("id=\"planned-now\"><b>Hiện nay:</b> 100", refused.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"real\" inputmode=\"numeric\" maxlength=\"6\" value=\"90\"", refused.Html, StringComparison.Ordinal);
        var view = FacilityView.Read((await host.Books.CurrentAsync(default)).Facilities, "25001", new DateOnly(2026, 7, 1), long.MaxValue - 1)!;
        Assert.Equal((100, 90), (view.BedsPlanned, view.BedsReal));

        // The same on a unit.
        var number = (await host.Books.CurrentAsync(default)).Number.ToString(CultureInfo.InvariantCulture);
        await first.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", "name"), ("value", "Phường Một"), ("from", "2026-06-01"), ("why", "thử"), ("seen", number));
        var told = await second.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", "name"), ("value", "Phường Hai"), ("from", "2026-06-01"), ("why", "thử"), ("seen", number));
        Assert.Contains("data-officer đã đổi", told.Html, StringComparison.Ordinal);
        Assert.Contains("<h1>Phường Một</h1>", told.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_officers_and_administrators_see_and_send_the_form()
    {
        await using var host = await PageHost.StartAsync();
        await host.Get<IFacilityDirectory>().PutAsync([New("25001")], default);
        foreach (var role in new[] { "registrar", "doctor" })
        {
            var browser = await host.BrowserAsync(role);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/facilities/25001/edit")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/", "/facilities/25001/edit")).Status);
            Assert.DoesNotContain("/edit", (await browser.GetAsync("/facilities/25001")).Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("data-officer")).GetAsync("/facilities/25099/edit")).Status);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Beds_add_up_over_the_days_they_stand_in_an_open_facility(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var directory = host.Get<FacilityDirectory>();
        await directory.PutAsync([New("25001"), New("25002"), New("25003")], default);
        await directory.PutAsync([new FacilityMeans("25001", 10, 8, []), new FacilityMeans("25002", null, 5, [])], default);
        await host.Books.ChangeAsync(new ChangeNote("edit", "an", "", "x"), draft =>
        {
            draft.Facilities.State(Statement.Since("25001", FacilityAspects.BedsPlanned, "20", new DateOnly(2026, 10, 16)));
            draft.Facilities.State(Statement.Since("25002", FacilityAspects.Open, null, new DateOnly(2026, 10, 11)));
        }, default);
        async Task<string> SumAsync(bool planned, DateOnly from, DateOnly to) => string.Join(' ', (await directory.BedDaysAsync(planned, from, to, default)).OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key}={b.Value}"));
        // 15 days of 10 and 16 of 20; 31 of 8; ten days of 5 before it closed; 25003 has none.
        Assert.Equal("25001=470", await SumAsync(true, new(2026, 10, 1), new(2026, 10, 31)));
        Assert.Equal("25001=248 25002=50", await SumAsync(false, new(2026, 10, 1), new(2026, 10, 31)));
        Assert.Equal("25001=20", await SumAsync(true, new(2026, 10, 16), new(2026, 10, 16)));
        Assert.Equal("", await SumAsync(true, new(2026, 10, 16), new(2026, 10, 15)));
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task What_takes_effect_by_the_calendar_is_published_on_its_day(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var directory = host.Get<FacilityDirectory>();
        await directory.PutAsync([New("25001"), New("25002")], default);
        var turn = host.Get<DayTurn>();
        await turn.TurnAsync(default);
        await host.Books.ChangeAsync(new ChangeNote("edit", "an", "", "x"), draft =>
        {
            draft.Facilities.State(Statement.Since("25001", FacilityAspects.Open, null, new DateOnly(2026, 12, 1)));
            draft.Facilities.State(Statement.Since("25002", FacilityAspects.Name, "Bệnh viện Tên Mới", new DateOnly(2026, 12, 1)));
            draft.Facilities.State(Statement.Since("25002", FacilityAspects.ServicePrefix + "18.0001.0001", "approved", new DateOnly(2026, 12, 1)));
            draft.Practitioners.State(new Statement("025080000001", PractitionerAspects.LicencePrefix + "1/PT", new LicenceTerms("Sở Y tế", "Bác sĩ", ["02"]).Write(), Year, new DateOnly(2026, 12, 1)));
        }, default);
        async Task<string> Body(string type, string id) => Encoding.UTF8.GetString((await host.Store.ReadAsync(type, id, default))!.Body.Span);
        Assert.Contains("\"active\":true", await Body("Organization", "cskcb-25001"), StringComparison.Ordinal);
        host.Database.Clock.Now = new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.FromHours(7));
        await turn.TurnAsync(default);
        Assert.Contains("\"active\":true", await Body("Organization", "cskcb-25001"), StringComparison.Ordinal);
        Assert.DoesNotContain("Tên Mới", await Body("Organization", "cskcb-25002"), StringComparison.Ordinal);

        host.Database.Clock.Now = new DateTimeOffset(2026, 12, 1, 0, 0, 1, TimeSpan.FromHours(7));
        Assert.Equal(3, await turn.TurnAsync(default));
        Assert.Contains("\"active\":false", await Body("Organization", "cskcb-25001"), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"inactive\"", await Body("Location", "cskcb-25001"), StringComparison.Ordinal);
        Assert.Contains("Tên Mới", await Body("Organization", "cskcb-25002"), StringComparison.Ordinal);
        Assert.Contains("expired", await Body("Practitioner", PractitionerBodies.Id("025080000001")), StringComparison.Ordinal);
        Assert.Equal("Bệnh viện Tên Mới", directory.Find("25002")!.Name);
        var version = (await host.Store.ReadAsync("Organization", "cskcb-25002", default))!.Version;
        Assert.Equal(0, await turn.TurnAsync(default));
        await using var other = await host.AnotherAsync();
        Assert.Equal(0, await ((DayTurn)other.GetService(typeof(DayTurn))!).TurnAsync(default));
        Assert.Equal(version, (await host.Store.ReadAsync("Organization", "cskcb-25002", default))!.Version);
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_whole_list_ends_what_it_lacks_shows_it_first_and_is_undone(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var directory = host.Get<FacilityDirectory>();
        await directory.PutAsync([New("25001"), New("25002")], default);
        await directory.EnsureAsync("25987", default);
        var importing = host.Get<Importing>();
        var bytes = Encoding.UTF8.GetBytes("code,name\n25001,Bệnh viện Thử 25001\n");
        Assert.Equal(0, (await importing.PreviewAsync(await importing.KeepAsync("facilities", "x.csv", bytes, Year, "an", default), default)).Ended);
        var file = await importing.KeepAsync("facilities", "x.csv", bytes, Year, "an", default, whole: true);
        var preview = await importing.PreviewAsync(file, default);
        Assert.Equal(("25002", Year), Assert.Single(preview.Differences, d => d.After is null) is var d ? (d.Subject, d.From) : default);
        var (problems, change) = await importing.ApplyAsync(file, "an", default);
        Assert.Empty(problems);
        async Task<string> Open(DateOnly day) => string.Join(' ', new[] { "25001", "25002", "25987" }.Where((await host.Books.CurrentAsync(default)).Facilities is var l ? c => FacilityView.Read(l, c, day, long.MaxValue - 1)!.IsOpen : _ => false));
        Assert.Equal(("25001 25002 25987", "25001 25987"), (await Open(Year.AddDays(-1)), await Open(Year)));
        Assert.Null((await importing.ApplyAsync(await importing.KeepAsync("facilities", "y.csv", bytes, Year, "an", default, whole: true), "an", default)).Change);
        await host.Books.ChangeAsync(new ChangeNote("undo", "an", "", "x", change!.Number), draft => Assert.Null(draft.Undo(change.Number)), default);
        Assert.Equal("25001 25002 25987", await Open(Year));

        var drugs = await importing.KeepAsync("drugs", "t.csv", "code,name\nT1,Thuốc Thử\n"u8.ToArray(), Year, "an", default, whole: true);
        Assert.Empty((await importing.ApplyAsync(drugs, "an", default)).Problems);
        var catalogues = host.Get<ICatalogues>();
        Assert.NotNull(await catalogues.FindAsync("drugs", "A02BC01-20-mg-vien-nang", Year.AddDays(-1), default));
        Assert.Null(await catalogues.FindAsync("drugs", "A02BC01-20-mg-vien-nang", Year, default));
        Assert.NotNull(await catalogues.FindAsync("drugs", "T1", Year, default));
        var shapes = await importing.KeepAsync("shapes", "s.json", "{\"features\":[]}"u8.ToArray(), Year, "an", default, whole: true);
        Assert.Contains((await importing.PreviewAsync(shapes, default)).Problems, p => p.En.Contains("whole list", StringComparison.Ordinal));
    }

    private static Facility New(string code) => new() { Code = code, Name = "Bệnh viện Thử " + code, Status = FacilityStatus.Active };

    private static async Task<(HttpStatusCode Status, string Html, string? Location)> SaveAsync(PageHost host, RoleBrowser browser, params (string, string)[] form) =>
        await PostAsync(browser, [("seen", (await host.Books.CurrentAsync(default)).Number.ToString(CultureInfo.InvariantCulture)), ("shown", "2026-06-01"), .. form.GroupBy(f => f.Item1).Select(g => g.Last())]);

    private static Task<(HttpStatusCode Status, string Html, string? Location)> PostAsync(RoleBrowser browser, (string, string)[] form) => browser.PostAsync("/facilities/25001/edit", "/facilities/25001/edit", form);
}
