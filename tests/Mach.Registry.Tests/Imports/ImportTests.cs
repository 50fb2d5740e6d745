using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Facilities;
using Mach.Registry.Forms;
using Mach.Registry.Imports;
using Mach.Registry.Ledgers;
using Mach.Registry.Practitioners;

namespace Mach.Registry.Tests.Imports;

public sealed class ImportTests
{
    private static readonly DateOnly From = new(2026, 1, 1);

    private static readonly byte[] Facilities = Workbooks.Xlsx(
        ["DANH MỤC CƠ SỞ KHÁM BỆNH, CHỮA BỆNH"],
        ["MA_CSKCB", "TÊN CSKCB", "Cấp chuyên môn", "MA_XA", "Giường kế hoạch", "Giường thực kê", "opened", "services", "predecessors"],
        ["25001", "Bệnh viện Đa khoa tỉnh Phú Thọ", "Chuyên sâu", "07900", 1500, 1720, new DateOnly(1965, 3, 2), "18.0001.0001;02.0085.1778", ""],
        ["25102", "Trạm Y tế xã Thu Cúc", "Ban đầu", null, null, null, null, null, "25103"]);

    private const string People = """
        personal_id;name;born;sex;licence;title;scope;issued;expiry;facility;role;post_from
        025080000001;Nguyễn Thị Thử;02/03/1980;Nữ;000123/PT-GPHN;Bác sĩ;02;01/01/2024;31/12/2028;25001;Bác sĩ điều trị;01/02/2024
        025080000001;Nguyễn Thị Thử;02/03/1980;Nữ;000123/PT-GPHN;Bác sĩ;02;01/01/2024;31/12/2028;25102;Hỗ trợ tuyến;01/06/2025
        """;

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_list_of_facilities_is_previewed_applied_once_published_and_undone(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var importing = host.Get<Importing>();
        var file = await importing.KeepAsync("facilities", "co-so.xlsx", Facilities, From, "an", default);
        var preview = await importing.PreviewAsync(file, default);
        Assert.Empty(preview.Problems);
        Assert.Equal((2, 14, 0, 0), (preview.Lines, preview.Added, preview.Changed, preview.Ended));
        var (problems, change) = await importing.ApplyAsync(file, "an", default);
        Assert.Empty(problems);
        Assert.Equal(change!.Number, (await importing.FindAsync(file.Id, default))!.Change);
        var again = await importing.ApplyAsync(await importing.KeepAsync("facilities", "co-so-2.xlsx", Facilities, From, "an", default), "an", default);
        Assert.Null(again.Change);

        var view = FacilityView.Read((await host.Books.CurrentAsync(default)).Facilities, "25001", From, long.MaxValue - 1)!;
        Assert.Equal(("specialised", 1500, 1720, new DateOnly(1965, 3, 2)), (view.Tier, view.BedsPlanned, view.BedsReal, view.Opened));
        Assert.Equal("Bệnh viện Đa khoa tỉnh Phú Thọ", (await FoundAsync(host, "25001"))!.Name);
        foreach (var (type, id) in FacilityBodies.IdsOf((await host.Books.CurrentAsync(default)).Facilities, "25001"))
        {
            Assert.False((await host.Store.ReadAsync(type, id, default))!.IsDeleted);
        }

        await host.Books.ChangeAsync(new ChangeNote("undo", "an", "nhầm tệp", "import:facilities", change.Number), draft => Assert.Null(draft.Undo(change.Number)), default);
        Assert.Null(FacilityView.Read((await host.Books.CurrentAsync(default)).Facilities, "25001", From, long.MaxValue - 1));
        Assert.True((await host.Store.ReadAsync("Location", "cskcb-25001", default))!.IsDeleted);
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task What_may_be_done_where_by_whom_is_answered_for_a_day(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        await ApplyAsync(host, "facilities", Facilities);
        await ApplyAsync(host, "practitioners", Encoding.UTF8.GetBytes(People));
        var rights = host.Get<IFacilityRights>();
        async Task<string[]> Ask(string service, string facility, string? who, DateOnly date) => [.. (await rights.AskAsync(service, facility, who, date, null, default)).Select(o => o.Rule)];
        var day = new DateOnly(2026, 5, 1);
        Assert.Empty(await Ask("02.0085.1778", "25001", "000123/PT-GPHN", day));
        Assert.Empty(await Ask("02.0085.1778", "25001", null, day));
        Assert.Equal(["reg.licence.scope"], await Ask("18.0001.0001", "25001", "025080000001", day));
        Assert.Equal(["reg.facility.service"], await Ask("02.0085.1778", "25102", "025080000001", day));
        Assert.Equal(["reg.practitioner.post"], await Ask("02.0085.1778", "25001", "025080000001", new DateOnly(2024, 1, 15)));
        Assert.Equal(["reg.licence.expired"], await Ask("02.0085.1778", "25001", "025080000001", new DateOnly(2029, 1, 1)));
        Assert.Equal(["reg.facility.closed", "reg.facility.service", "reg.practitioner.post", "reg.licence.future"], await Ask("02.0085.1778", "25001", "025080000001", new DateOnly(1960, 1, 1)));
        Assert.Equal(["reg.facility.unknown", "reg.practitioner.unknown"], await Ask("x", "99999", "0", day));

        await host.Books.ChangeAsync(new ChangeNote("edit", "an", "QĐ 12", "practitioner"), draft =>
            draft.Practitioners.State(new Statement("025080000001", PractitionerAspects.LicenceStatePrefix + "000123/PT-GPHN", "suspended", new DateOnly(2026, 6, 1), new DateOnly(2026, 7, 1))), default);
        Assert.Equal(["reg.licence.suspended"], await Ask("02.0085.1778", "25001", "025080000001", new DateOnly(2026, 6, 30)));
        Assert.Empty(await Ask("02.0085.1778", "25001", "025080000001", new DateOnly(2026, 7, 1)));
        var person = PractitionerView.Read((await host.Books.CurrentAsync(default)).Practitioners, "025080000001", new DateOnly(2028, 11, 1), long.MaxValue - 1)!;
        Assert.Equal((LicenceState.Expiring, 2), (person.Licences.Single().State, person.Posts.Count));
        var published = await host.Store.ReadAsync("Practitioner", PractitionerBodies.Id("025080000001"), default);
        Assert.Contains("000123/PT-GPHN", Encoding.UTF8.GetString(published!.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_is_refused_by_row_and_column_and_nothing_of_it_is_loaded()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        var importing = host.Get<Importing>();
        var bad = await importing.KeepAsync("facilities", "x.csv", "code,name,tier,beds_real,opened\n25001,Bệnh viện A,Cơ bản,10,2020-01-01\n2500,Bệnh viện B,Cơ bản,10,2020-01-01\n25003,,Cơ bản,10,\n25004,D,Hạng sao,x,32/01/2020\n"u8.ToArray(), From, "an", default);
        var (problems, change) = await importing.ApplyAsync(bad, "an", default);
        Assert.Null(change);
        Assert.Equal(["3:A code", "4:B name", "5:C tier", "5:E opened", "5:D beds_real"], problems.Select(p => p.Where));
        Assert.Empty((await host.Books.CurrentAsync(default)).Facilities.Subjects);
        foreach (var (kind, bytes, says) in new (string, byte[], string)[]
        {
            ("facilities", "a,b\n1,2\n"u8.ToArray(), "code, name"),
            ("facilities", [], "empty"),
            ("facilities", [0xFF, 0xFE, 0x41, 0x00], "UTF-8"),
            ("facilities", "PK\u0003\u0004 rubbish"u8.ToArray(), "workbook"),
            ("facilities", Workbooks.Xlsx(["code", "name"], ["25001", new string('x', 32_768)]), "32767 characters"),
            ("facilities", Workbooks.Xlsx([.. Enumerable.Repeat<object?[]>([new string('x', 32_700)], 1_100)]), "unpacks to too much"),
            ("facilities", Workbooks.Parts(1_001), "unpacks to too much"),
            ("facilities", "code,name\n\"25001,x\n"u8.ToArray(), "quote"),
            ("facilities", "code,name\n"u8.ToArray(), "no line"),
            ("drugs", "code,name,ham_luong\nA,Thuốc,5 mg\nA,Thuốc,10 mg\n"u8.ToArray(), "two different lines"),
            ("practitioners", Encoding.UTF8.GetBytes(People.Replace("31/12/2028", "31/12/2020", StringComparison.Ordinal)), "expires before"),
            ("shapes", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"code\":\"00000\"}}]}"u8.ToArray(), "00000"),
            ("shapes", "{"u8.ToArray(), "JSON"),
        })
        {
            var preview = await importing.PreviewAsync(await importing.KeepAsync(kind, "x", bytes, From, "an", default), default);
            Assert.Contains(preview.Problems, p => p.En.Contains(says, StringComparison.Ordinal));
            Assert.Empty(preview.Differences);
        }
    }

    [Fact]
    public async Task Shapes_come_from_geojson_by_code()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        await ApplyAsync(host, "shapes", await File.ReadAllBytesAsync(Shared.File("phu-tho-communes.geojson")));
        var map = await host.Units.MapAsync(null, default);
        Assert.Equal(148, map.All(From).Count(u => map.Fact(u.Id, Mach.Registry.Units.Aspects.Shape, From) is not null));
    }

    [Fact]
    public async Task Any_files_imported_twice_are_the_same_as_once()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var lines = Enumerable.Range(0, random.Next(1, 30)).Select(i => $"D{i},Thuốc {random.Next(5)},{(random.Next(2) == 0 ? "" : $"2026-{random.Next(1, 13):00}-01")},{random.Next(3)} mg");
            var bytes = Encoding.UTF8.GetBytes("code,name,valid_from,ham_luong\n" + string.Join('\n', lines) + "\n");
            await ApplyAsync(host, "drugs", bytes);
            var (problems, change) = await host.Get<Importing>().ApplyAsync(await host.Get<Importing>().KeepAsync("drugs", "x.csv", bytes, From, "an", default), "an", default);
            Assert.True(problems.Count == 0 && change is null, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_provisional_facility_is_one_change_and_confirming_it_says_what_it_always_was()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        var directory = host.Get<FacilityDirectory>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => directory.EnsureAsync("25987", default).AsTask()));
        Assert.Equal(1, (await host.Books.CurrentAsync(default)).Number);
        var form = FormText.Empty with { Values = new Dictionary<string, string> { ["name"] = "Phòng khám Đúng" } };
        Assert.Null(await directory.DecideAsync(FacilityDecision.Read(form, "25987", host.Get<ICommunes>(), [])!, "an", default));
        var ledger = (await host.Books.CurrentAsync(default)).Facilities;
        Assert.Equal("Phòng khám Đúng", FacilityView.Read(ledger, "25987", new DateOnly(2020, 1, 1), long.MaxValue - 1)!.Name);
        Assert.Equal(FacilityStatus.Provisional, FacilityView.Read(ledger, "25987", From, (await host.Books.ChangesAsync(5, 2, default))[0].AtUs)!.Status);
        Assert.Equal(2, (await host.Store.ReadAsync("Organization", "cskcb-25987", default))!.Version);
    }

    [Fact]
    public async Task What_is_published_is_valid_fhir()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        await ApplyAsync(host, "facilities", Facilities);
        await ApplyAsync(host, "practitioners", Encoding.UTF8.GetBytes(People));
        var state = await host.Books.CurrentAsync(default);
        var person = PractitionerView.Read(state.Practitioners, "025080000001", From, long.MaxValue - 1)!;
        var bodies = FacilityBodies.Write(FacilityView.Read(state.Facilities, "25001", From, long.MaxValue - 1)!).Concat(PractitionerBodies.Write(person, From)).ToList();
        Assert.Equal(["HealthcareService", "HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole", "PractitionerRole"], bodies.Select(b => b.Type).Order(StringComparer.Ordinal));
        Assert.All(bodies, b =>
        {
            using var json = System.Text.Json.JsonDocument.Parse(b.Body);
            Assert.DoesNotContain(Fhir.Validation.ResourceValidator.Validate(json.RootElement), i => i.Severity == Fhir.Validation.IssueSeverity.Error);
        });
    }

    [Fact]
    public async Task Facilities_of_a_database_older_than_the_ledgers_become_facts_once()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        await using (var connection = await host.Database.Db.OpenAsync(default))
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, "INSERT INTO reg_facility(code, name, status, tier, updated_us, updated_by) VALUES('25001', 'Bệnh viện A', 'active', 'basic', 1, 'an')");
        }

        var directory = host.Get<FacilityDirectory>();
        await directory.LoadAsync(default);
        await directory.StateRowsAsync(default);
        await directory.StateRowsAsync(default);
        var state = await host.Books.CurrentAsync(default);
        Assert.Equal((1, "Bệnh viện A", "basic"), (state.Number, directory.Find("25001")!.Name, FacilityView.Read(state.Facilities, "25001", From, long.MaxValue - 1)!.Tier));
    }

    private static async Task<Facility?> FoundAsync(RegistryHost host, string code)
    {
        await host.Get<FacilityDirectory>().LoadAsync(default);
        return host.Get<IFacilityDirectory>().Find(code);
    }

    private static async Task ApplyAsync(RegistryHost host, string kind, byte[] bytes)
    {
        var (problems, _) = await host.Get<Importing>().ApplyAsync(await host.Get<Importing>().KeepAsync(kind, "x", bytes, From, "an", default), "an", default);
        Assert.Empty(problems);
    }
}
