using System.Net;
using System.Text;
using Dapper;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Closing;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Closing;

/// <summary>Source of the states and of what a snapshot holds: docs/adr/0028.</summary>
public class ClosingTests
{
    private const int October = 202610;
    private const string Address = "/indicators/closing/2026-10";

    private static readonly (ClosingAct? Before, string Place, ClosingAct[] After)[] s_ways =
    [
        (null, "25001", [ClosingAct.Sign]),
        (ClosingAct.Sign, "25001", [ClosingAct.Check, ClosingAct.Return]),
        (ClosingAct.Check, "25001", [ClosingAct.Return]),
        (ClosingAct.Return, "25001", [ClosingAct.Sign]),
        (null, "*", [ClosingAct.Sign]),
        (ClosingAct.Sign, "*", [ClosingAct.Publish, ClosingAct.Restate]),
        (ClosingAct.Publish, "*", [ClosingAct.Restate]),
        (ClosingAct.Restate, "*", [ClosingAct.Publish, ClosingAct.Restate]),
    ];

    [Fact]
    public void Only_what_follows_may_be_done()
    {
        foreach (var (before, place, after) in s_ways)
        {
            IReadOnlyList<ClosingStep> own = before is { } act ? [new(October, place, 1, act, "an", default, "", 1, null)] : [];
            Assert.Equal(after, Enum.GetValues<ClosingAct>().Where(a => ClosingBook.May(own, place, a)));
        }
    }

    [Fact]
    public void A_snapshot_is_read_back_and_written_the_same()
    {
        var snapshot = new Snapshot(October, "*", 12, new DateTimeOffset(2026, 11, 2, 3, 4, 5, TimeSpan.Zero), "an", new DateOnly(2026, 11, 2), "ab", ["25101", "25012"],
            [new("visits", 2, [new("total", "", new Parts(3, 3, null)), new("facility", "25001", new Parts(3, 3.25m, 0.5m, 1))]), new("deaths", 1, [])]);
        var written = snapshot.Write();
        Assert.Equal(written, Snapshot.Read(written).Write());
        Assert.Equal(written, (snapshot with { NotSigned = ["25012", "25101"], Indicators = [.. snapshot.Indicators.Reverse()] }).Write());
        Assert.Equal(written, Snapshot.Unpack(Snapshot.Pack(written)));
        Assert.NotEqual(Snapshot.Hash(written), Snapshot.Hash((snapshot with { Seq = 13 }).Write()));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task What_was_signed_stays_and_what_changes_stands_beside_it(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var book = host.Get<ClosingBook>();
        await host.WriteAsync(Person("a"), Person("b"), Visit("e1", "a", "25001", "2026-10-05"), Visit("e2", "b", "25001", "2026-10-06"), Visit("e3", "a", "25012", "2026-10-07"), Visit("e4", "a", "25001", "2026-09-07"));
        // Not counted yet: what is signed would not be what the record says.
        Assert.Equal(ClosingRefusal.Counting, await book.TakeAsync(October, "*", ClosingAct.Sign, 0, "an", "", default));
        await host.Counter.CatchUpAsync(default);
        Assert.Equal(ClosingRefusal.TooEarly, await book.TakeAsync(202611, "*", ClosingAct.Sign, 0, "an", "", default));
        Assert.Equal(ClosingRefusal.None, await book.TakeAsync(October, "25001", ClosingAct.Sign, 0, "an", "", default));
        Assert.Equal(ClosingRefusal.None, await book.TakeAsync(October, "*", ClosingAct.Sign, 0, "an", "", default));
        Assert.Equal(ClosingRefusal.NotNow, await book.TakeAsync(October, "*", ClosingAct.Sign, 0, "binh", "", default));
        var first = (await book.SignedAsync(October, "*", 1, default))!.Value;
        var snapshot = Snapshot.Read(first.Written);
        Assert.True(first.IsWhole);
        Assert.Equal(["25012"], snapshot.NotSigned);
        var visits = snapshot.Indicators.Single(i => i.Code == "visits");
        Assert.Equal((3m, 2m, 1m), (visits.Total.Above, visits.OfFacility("25001")!.Value.Above, visits.OfFacility("25012")!.Value.Above));
        Assert.Equal(2m, Snapshot.Read((await book.SignedAsync(October, "25001", 1, default))!.Value.Written).Indicators.Single(i => i.Code == "visits").Total.Above);

        // Late, deleted, moved to another month, moved to another facility, written anew without a difference; another month is another matter.
        await host.WriteAsync(Visit("late", "b", "25012", "2026-10-31"), Delete("Encounter", "e1"), Visit("e2", "b", "25101", "2026-10-06"), Visit("e3", "a", "25012", "2026-11-07"), Visit("e4", "a", "25012", "2026-09-07"));
        await host.Counter.CatchUpAsync(default);
        await host.WriteAsync(Visit("late", "b", "25012", "2026-10-31"));
        await host.Counter.CatchUpAsync(default);
        var changes = await book.ChangesAsync(October, snapshot.Seq, null, 100, default);
        Assert.Equal(["25001 e1 removed", "25001 e2 removed", "25012 e3 removed", "25012 late added", "25101 e2 added"], changes.Select(c => $"{c.Facility} {c.Id} {c.What}").Order(StringComparer.Ordinal));
        Assert.Equal(5, await book.ChangeCountAsync(October, snapshot.Seq, "25001", default) + await book.ChangeCountAsync(October, snapshot.Seq, "25012", default) + await book.ChangeCountAsync(October, snapshot.Seq, "25101", default));
        Assert.Equal(first.Written, (await book.SignedAsync(October, "*", 1, default))!.Value.Written);

        // A restatement is a step of its own with the numbers of then; the first stays.
        Assert.Equal(ClosingRefusal.None, await book.TakeAsync(October, "*", ClosingAct.Publish, 1, "an", "", default));
        Assert.Equal(ClosingRefusal.None, await book.TakeAsync(October, "*", ClosingAct.Restate, 2, "an", "hồ sơ gửi muộn", default));
        var second = Snapshot.Read((await book.SignedAsync(October, "*", 3, default))!.Value.Written);
        Assert.Equal((first.Hash, 2m), (second.Previous, second.Indicators.Single(i => i.Code == "visits").Total.Above));
        Assert.Equal(0, await book.ChangeCountAsync(October, second.Seq, null, default));
        Assert.Equal(first.Written, (await book.SignedAsync(October, "*", 1, default))!.Value.Written);

        // Thrown away and made anew, numbers, snapshots and changes are the same.
        await host.Get<IndicatorService>().RebuildAsync(null, default);
        Assert.Equal(first.Written, (await book.SignedAsync(October, "*", 1, default))!.Value.Written);
        Assert.Equal(2m, (await book.LiveAsync(October, "*", default))!.Value.Indicators.Single(i => i.Code == "visits").Total.Above);
        Assert.Equal(0, await book.ChangeCountAsync(October, second.Seq, null, default));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Bytes_that_are_not_those_that_were_signed_are_told(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var book = host.Get<ClosingBook>();
        await host.MakeAccountsAsync();
        await host.WriteAsync(Visit("e1", "a", "25001", "2026-10-05"));
        await host.Counter.CatchUpAsync(default);
        Assert.Equal(ClosingRefusal.None, await book.TakeAsync(October, "*", ClosingAct.Sign, 0, "an", "", default));
        await using (var connection = await host.Db.OpenAsync(default))
        {
            await connection.ExecuteAsync("UPDATE ind_closing SET body=@body", new { body = Snapshot.Pack("{}"u8.ToArray()) });
        }

        Assert.False((await book.SignedAsync(October, "*", 1, default))!.Value.IsWhole);
        Assert.Contains("không còn khớp", (await (await host.BrowserAsync("director")).GetAsync(Address)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Each_signs_for_their_own_place_and_sees_no_other(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-10-05"), Visit("e2", "a", "25012", "2026-10-06"));
        await host.Counter.CatchUpAsync(default);
        var (director, own, officer, doctor) = (await host.BrowserAsync("director"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("data-officer"), await host.BrowserAsync("doctor-25001"));
        async Task<Testing.Answer> Do(Browser browser, string act, string place, string seen, string why = "", string address = Address)
        {
            var page = await browser.GetAsync("/indicators/visits/plan/edit") is { Status: HttpStatusCode.OK } form ? form : await browser.GetAsync("/account");
            return await browser.PostAsync(address, ("act", act), ("place", place), ("seen", seen), ("why", why), Token(page));
        }

        Assert.Contains("Ký số liệu", (await own.GetAsync(Address)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Ký số liệu", (await doctor.GetAsync(Address)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Do(own, "signed", "25012", "0")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Do(own, "signed", "*", "0")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Do(officer, "signed", "*", "0")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Do(doctor, "signed", "25001", "0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, "opened", "*", "0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, "signed", "99999", "0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, "signed", "*", "x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, "signed", "*", "0", address: "/indicators/closing/2026-13")).Status);
        Assert.Equal(Address, (await Do(own, "signed", "25001", "0")).Location);
        Assert.Equal(HttpStatusCode.Conflict, (await Do(own, "signed", "25001", "0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(officer, "returned", "25001", "1")).Status);
        Assert.Equal(Address, (await Do(officer, "returned", "25001", "1", "thiếu tuần cuối")).Location);
        Assert.Contains("thiếu tuần cuối", (await own.GetAsync(Address)).Html, StringComparison.Ordinal);
        Assert.Equal(Address, (await Do(own, "signed", "25001", "2")).Location);
        Assert.Equal(Address, (await Do(officer, "checked", "25001", "3")).Location);
        Assert.Equal(Address, (await Do(director, "signed", "*", "0")).Location);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, "restated", "*", "1", "vì")).Status);
        Assert.Equal(Address, (await Do(director, "published", "*", "1")).Location);

        await host.WriteAsync(Visit("e3", "a", "25012", "2026-10-08"));
        await host.Counter.CatchUpAsync(default);
        var page = await director.GetAsync(Address);
        Assert.Contains("Đã công bố", page.Html, StringComparison.Ordinal);
        Assert.Contains("1 bản ghi", page.Html, StringComparison.Ordinal);
        Assert.Contains("Trung tâm y tế", page.Html, StringComparison.Ordinal);
        // The other facility's change is not theirs to see; neither is the department's snapshot.
        var mine = await own.GetAsync(Address);
        Assert.Contains("0 bản ghi", mine.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Trung tâm y tế", mine.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await own.GetAsync(Address + "/department/1.json")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await doctor.GetAsync(Address + "/department/1.json")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await director.GetAsync(Address + "/department/1.json")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync(Address + "/department/9.json")).Status);
        Assert.Equal(Encoding.UTF8.GetString((await host.Get<ClosingBook>().SignedAsync(October, "*", 1, default))!.Value.Written), (await officer.GetAsync(Address + "/department/1.json")).Html);
        Assert.Contains("10/2026", (await director.GetAsync("/indicators/closing")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/closing/x")).Status);
    }
}
