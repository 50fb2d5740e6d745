using System.Net;
using Mach.Access;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Profiles;
using Mach.People.Desk;
using Mach.Testing;

namespace Mach.People.Tests.Http;

public sealed class RegisterTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly (string, string)[] Khue =
        [("name", "Lê Thị Khuê"), ("birth", "20/05/1990"), ("sex", "female"), ("phone", "0912 345 678"), ("address", "Khu 3, Phường Việt Trì"), ("cccd", ""), ("card", "")];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_new_person_is_registered_once_and_the_second_time_opened(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var desk = await host.BrowserAsync(Roles.Registrar);
        var form = await desk.GetAsync("/people/new");
        Assert.Equal(HttpStatusCode.OK, form.Status);
        var first = await desk.PostAsync("/people/new", form, Khue);
        Assert.EndsWith("?registered=new", first.Location, StringComparison.Ordinal);
        var second = await desk.PostAsync("/people/new", form, [.. Khue[1..], ("name", "le thi khue")]);
        Assert.Equal(first.Location!.Replace("=new", "=known", StringComparison.Ordinal), second.Location);
        var dry = await desk.GetAsync("/people/match?name=Khue+Le+Thi&birth=20051990&sex=female&phone=0912345678");
        Assert.Equal("certain", dry.Json.GetProperty("candidates")[0].GetProperty("grade").GetString());
        Assert.Contains("Lê Thị Khuê", (await desk.GetAsync("/people/new?name=Khue+Le+Thi&birth=1990", fragment: true)).Text, StringComparison.Ordinal);
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Who_is_probably_known_is_shown_first_and_made_only_when_the_clerk_says_it_is_another(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("hoa", "Lê Thị Hoa", "1990-05-20", "female", ""","address":[{"text":"Phường Âu Cơ"}]""");
        var desk = await host.BrowserAsync(Roles.Registrar);
        (string, string)[] typed = [("name", "Lê Thị Hoa"), ("birth", "20/05/1990"), ("sex", "female"), ("address", "Khu 3, Phường Việt Trì")];
        var asked = await desk.PostAsync("/people/new", await desk.GetAsync("/people/new"), typed);
        Assert.Equal(HttpStatusCode.Conflict, asked.Status);
        Assert.Contains("name=\"others\" value=\"hoa\"", asked.Text, StringComparison.Ordinal);
        Assert.EndsWith("?registered=new", (await desk.PostAsync("/people/new", asked, [.. typed, ("others", "hoa")])).Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cccd", "025090000001", "giới tính khác")]
    [InlineData("cccd", "025188000001", "năm sinh khác")]
    [InlineData("cccd", "999", "12 chữ số")]
    [InlineData("birth", "45/13/1990", "không đọc được")]
    [InlineData("birth", "31/2/1990", "không đọc được")]
    [InlineData("birth", "1/1/2027", "không đọc được")]
    [InlineData("card", "XX", "15 ký tự")]
    [InlineData("phone", "12", "điện thoại")]
    [InlineData("name", " ", "Cần họ tên")]
    public async Task What_cannot_be_is_said_at_the_desk_and_nothing_is_made(string field, string value, string expected)
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        var desk = await host.BrowserAsync(Roles.Registrar);
        var answer = await desk.PostAsync("/people/new", await desk.GetAsync("/people/new"), [.. Khue.Where(f => f.Item1 != field), (field, value)]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.Store.ChangedAsync("Patient", 0, 10, default));
    }

    [Theory]
    [InlineData("200590", "1990-05-20")]
    [InlineData("20-5-90", "1990-05-20")]
    [InlineData("20.05.1990", "1990-05-20")]
    [InlineData("5/1990", "1990-05")]
    [InlineData("1990", "1990")]
    public async Task A_birth_date_is_registered_as_people_write_it_and_the_form_says_how_it_was_understood(string typed, string kept)
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        var desk = await host.BrowserAsync(Roles.Registrar);
        Assert.Contains("id=\"date-birth-said\" role=\"status\"><span>= ", (await desk.GetAsync("/people/new?birth=" + typed)).Text, StringComparison.Ordinal);
        await desk.PostAsync("/people/new", await desk.GetAsync("/people/new"), [.. Khue.Where(f => f.Item1 != "birth"), ("birth", typed)]);
        var made = Assert.Single(await host.Store.ChangedAsync("Patient", 0, 10, default));
        Assert.Contains($"\"birthDate\":\"{kept}\"", System.Text.Encoding.UTF8.GetString(made.Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Desks_that_register_one_person_at_once_make_one_person(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        (string[] Spellings, string Birth, string Phone, string Home)[] people =
        [
            (["Lê Thị Khuê", "LE THI KHUE", "Khuê Lê Thị", "lee thij khuee", "Lê Thị Khuê", "LÊ THỊ KHUÊ"], "1950-05-20", "0912345678", "Khu 3, Phường Việt Trì"),
            (["Hán Văn Bưởi", "HAN VAN BUOI", "hans vawn bưởi", "Hán Văn Bưởi", "han van buoi"], "1987-11-02", "0987654321", "Xóm Gò, Phường Âu Cơ"),
        ];
        foreach (var (spellings, birth, phone, home) in people)
        {
            var made = await Task.WhenAll(spellings.Select(name => Task.Run(() => host.Get<Registrar>().RegisterAsync(
                new PersonSought { Name = name, BirthDate = birth, Gender = "female", Phones = [phone], Address = home }, [], "desk", default))));
            Assert.Single(made, m => m.IsNew);
            // Whoever came second was sent to that person, or asked about it.
            var person = made.Single(m => m.IsNew).Id;
            Assert.All(made, m => Assert.Equal(person, m.Id ?? m.Known[0].Patient));
        }

        Assert.Equal(people.Length, (await host.Store.ChangedAsync("Patient", 0, 100, default)).Count);
        Assert.True(await host.Get<Follower>().CatchUpAsync(default));
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Fact]
    public async Task Only_who_may_find_persons_may_match_and_register()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        var administrator = await host.BrowserAsync(Roles.Administrator);
        foreach (var path in new[] { "/people/new", "/people/match?name=a", "/questions/pairs" })
        {
            Assert.NotEqual(HttpStatusCode.OK, (await administrator.GetAsync(path)).Status);
        }

        Assert.NotEqual(HttpStatusCode.OK, (await (await host.BrowserAsync(Roles.Registrar)).GetAsync("/questions/pairs")).Status);
    }
}
