using System.Text;
using Dapper;
using Mach.Contracts.People;
using Mach.Data;
using Mach.Kernel;
using Mach.People.Family;
using Mach.People.Labels;
using Mach.People.Pairs;
using Mach.Store;
using Mach.Testing;
using Microsoft.Extensions.Logging;

namespace Mach.People.Tests.Family;

/// <summary>Links of a family: from papers, by hand, taken away again.</summary>
public sealed class KinTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Home = ""","address":[{"text":"Số 5, Khu 3, Phường Việt Trì"}]""";

    /// <remarks>docs/mapping/XML9.md: MA_THE_TAM of the child in the mother's dossier; docs/mapping/XML7.md: MA_ME, MA_CHA in the child's.</remarks>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Mother_and_father_are_linked_by_the_numbers_of_papers_whoever_comes_first(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await MotherAsync(host);
        await BirthAsync(host);
        Assert.Equal(0, (await SweepAsync(host)).Linked);
        await ChildAsync(host);
        Assert.Equal(1, (await SweepAsync(host)).Linked);
        await host.PutPatientAsync("father", "Hán Văn Đá", "1990-02-03", "male", Insured("2520000003"));
        await PaperAsync(host, "p1", "child", ("MA_ME", "2520000001"), ("HO_TEN_ME", "HAN THI MUI"), ("MA_CHA", "2520000003"), ("HO_TEN_CHA", "Hán Văn Đá"));
        Assert.Equal(1, (await SweepAsync(host)).Linked);

        var family = (await host.Get<FamilyReader>().ReadAsync("child", default))!;
        Assert.Equal([("mother", "mother"), ("father", "father")], family.Members.Select(m => (m.Id, m.Relation)).OrderByDescending(m => m.Item2));
        Assert.Equal(["child"], (await host.Get<FamilyReader>().ReadAsync("father", default))!.Of("child").Select(m => m.Id));
        var row = (await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default))!;
        Assert.Equal("RelatedPerson/born", row.Source);
        var related = await host.BodyAsync("RelatedPerson", row.ResourceId);
        Assert.Contains("\"reference\":\"Patient/child\"", related, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"MTH\"", related, StringComparison.Ordinal);
        Assert.Contains($$"""{"other":{"reference":"RelatedPerson/{{row.ResourceId}}"},"type":"seealso"}""", await host.BodyAsync("Patient", "mother"), StringComparison.Ordinal);
        using var client = await host.FhirAsync();
        using var valid = await client.PostAsync("/fhir/RelatedPerson/$validate", new StringContent(related, Encoding.UTF8, "application/fhir+json"));
        Assert.DoesNotContain("\"error\"", await valid.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // A program finds the mother's record from the child's.
        Assert.Contains("\"id\":\"mother\"", await client.GetStringAsync("/fhir/RelatedPerson?patient=child&_revinclude=Patient:link"), StringComparison.Ordinal);
        // Being somebody's mother is not being the same person.
        Assert.Equal(["mother"], await host.Get<IPersonLinks>().LinkedAsync("mother", default));
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_speaks_against_a_number_waits_and_is_linked_or_refused_by_hand(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await MotherAsync(host);
        await host.PutPatientAsync("child", "Lê Văn Khác", "2024-05-01", "male", Insured("2599900001"));
        await host.PutPatientAsync("peer", "Trần Thị Bé", "1999-01-01", "female", Insured("2520000009"));
        await BirthAsync(host);
        await PaperAsync(host, "p2", "mother", ("MA_ME", "2520000009"), ("HO_TEN_ME", "Trần Thị Bé"));
        var swept = await SweepAsync(host);
        Assert.Equal((0, 2), (swept.Linked, swept.Asked));
        var waiting = Assert.Single((await host.Get<FamilyReader>().ReadAsync("child", default))!.Waiting);
        Assert.Equal("name birth", waiting.Row.Reasons);
        Assert.Equal("age", (await host.Get<KinTable>().FindAsync("mother", "peer", Kinds.Mother, default))!.Reasons);
        Assert.Equal(2, (await host.Get<KinTable>().WaitingAsync(10, 0, default)).Total);
        Assert.Equal(KinOutcome.TooYoung, await LinkAsync(host, "mother", "peer", Kinds.Mother));
        Assert.Equal(KinOutcome.Done, await RemoveAsync(host, "child", "mother", Kinds.Mother));
        // Refused once, it is not asked again, whatever comes.
        await BirthAsync(host, "more");
        Assert.Equal(0, (await SweepAsync(host)).Asked);
        Assert.Empty((await host.Get<FamilyReader>().ReadAsync("child", default))!.Waiting);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Taken_away_everything_is_as_it_was_and_can_be_linked_again(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var before = await MotherAsync(host);
        await ChildAsync(host);
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        Assert.Equal(KinOutcome.Done, await RemoveAsync(host, "child", "mother", Kinds.Mother));
        Assert.Equal(before, await host.BodyAsync("Patient", "mother"));
        Assert.True((await host.Store.ReadAsync("RelatedPerson", Ids.Derive("kin", "child", "mother", Kinds.Mother), default))!.IsDeleted);
        Assert.Empty((await host.Get<FamilyReader>().ReadAsync("child", default))!.Members);
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        Assert.Equal(["linked", "removed", "linked"], (await host.Get<KinTable>().ActsAsync(["child"], default)).Select(a => a.Act));
        Assert.Equal(KinOutcome.Unknown, await RemoveAsync(host, "child", "nobody", Kinds.Mother));
        Assert.Equal(KinOutcome.Unknown, await LinkAsync(host, "child", "nobody", Kinds.Mother));
        Assert.Equal(KinOutcome.Oneself, await LinkAsync(host, "child", "child", Kinds.Guardian));
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    /// <summary>A program may delete what it may write; the tables must not go on saying what the record no longer says.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_program_that_deletes_the_RelatedPerson_takes_the_link_away(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var before = await MotherAsync(host);
        await ChildAsync(host);
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        await SweepAsync(host);
        var id = (await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default))!.ResourceId;
        await host.Store.CommitAsync(new Commit { Writes = [new Write(WriteKind.Delete, "RelatedPerson", id, default)], Actor = "a program" }, default);
        await SweepAsync(host);
        Assert.Equal(KinRow.Removed, (await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default))!.State);
        Assert.Equal(before, await host.BodyAsync("Patient", "mother"));
        Assert.Empty((await host.Get<FamilyReader>().ReadAsync("child", default))!.Members);
        // Said again by somebody, it is there again.
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        await SweepAsync(host);
        Assert.Equal(KinRow.Linked, (await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default))!.State);
        Assert.False((await host.Store.ReadAsync("RelatedPerson", id, default))!.IsDeleted);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_childs_record_says_of_the_mother_what_holds_now_and_nothing_of_a_confidential_one(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await MotherAsync(host);
        await ChildAsync(host);
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        var id = (await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default))!.ResourceId;
        var first = await host.BodyAsync("RelatedPerson", id);
        Assert.Contains("Hán Thị Mùi", first, StringComparison.Ordinal);
        var marks = host.Get<Marks>();
        Assert.Equal(MarkOutcome.Done, await marks.MarkAsync("mother", Marks.Confidential, "officer", "được bảo vệ", default));
        Assert.DoesNotContain("Mùi", await host.BodyAsync("RelatedPerson", id), StringComparison.Ordinal);
        Assert.Equal(MarkOutcome.Done, await marks.MarkAsync("mother", Marks.Open, "officer", "hết bảo vệ", default));
        Assert.Contains("Hán Thị Mùi", await host.BodyAsync("RelatedPerson", id), StringComparison.Ordinal);

        var mother = await host.BodyAsync("Patient", "mother");
        await host.Store.CommitAsync(new Commit { Writes = [new Write(WriteKind.Put, "Patient", "mother", Encoding.UTF8.GetBytes(mother.Replace("Hán Thị Mùi", "Hán Thị Mười", StringComparison.Ordinal)))], Actor = "a program" }, default);
        await SweepAsync(host);
        Assert.Contains("Hán Thị Mười", await host.BodyAsync("RelatedPerson", id), StringComparison.Ordinal);
        var version = (await host.Store.ReadAsync("RelatedPerson", id, default))!.Version;
        await SweepAsync(host);
        Assert.Equal(version, (await host.Store.ReadAsync("RelatedPerson", id, default))!.Version);
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Nobody_has_two_mothers_is_an_own_ancestor_or_related_to_an_own_record(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await MotherAsync(host);
        await ChildAsync(host);
        await host.PutPatientAsync("granny", "Đào Thị Nụ", "1960", "female");
        await host.PutPatientAsync("other", "Đào Thị Nụ", "1961", "female");
        await host.PutPatientAsync("again", "Hán Thị Mùi", "1995-05-06", "female");
        await host.PutPatientAsync("odd", "Hán Thị Lạ", "", "female");
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "mother", Kinds.Mother));
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "mother", "granny", Kinds.Mother));
        Assert.Equal(KinOutcome.Another, await LinkAsync(host, "child", "other", Kinds.Mother));
        Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted("mother", "again", PairRow.Same, "an", ""), default));
        Assert.Equal(KinOutcome.Oneself, await LinkAsync(host, "again", "mother", Kinds.Guardian));
        // The other record of the same mother is the same mother.
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "child", "again", Kinds.Mother));
        Assert.Contains(Assert.Single((await host.Get<FamilyReader>().ReadAsync("child", default))!.Of("mother")).Id, new[] { "mother", "again" });
        Assert.Equal("granny", Assert.Single((await host.Get<FamilyReader>().ReadAsync("child", default))!.Of("grandparent")).Id);
        Assert.Equal("child", Assert.Single((await host.Get<FamilyReader>().ReadAsync("again", default))!.Of("child")).Id);
        Assert.Equal(KinOutcome.TooYoung, await LinkAsync(host, "granny", "child", Kinds.Mother));
        Assert.Equal(KinOutcome.Done, await LinkAsync(host, "granny", "odd", Kinds.Mother));
        Assert.Equal(KinOutcome.Circle, await LinkAsync(host, "odd", "granny", Kinds.Father));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_household_is_the_family_at_one_address_and_nobody_else(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await MotherAsync(host);
        await ChildAsync(host);
        await host.PutPatientAsync("son", "Hán Văn Hai", "2020-01-01", "male", Home);
        await host.PutPatientAsync("away", "Hán Văn Xa", "1992", "male", ""","address":[{"text":"Số 9, Phường Âu Cơ"}]""");
        await host.PutPatientAsync("neighbour", "Trần Văn Kề", "1980", "male", Home);
        await LinkAsync(host, "child", "mother", Kinds.Mother);
        await LinkAsync(host, "son", "mother", Kinds.Mother);
        await LinkAsync(host, "mother", "away", Kinds.Spouse);
        var family = (await host.Get<FamilyReader>().ReadAsync("child", default))!;
        Assert.Equal([("child", "self"), ("mother", "mother"), ("son", "sibling")], family.Household.Select(m => (m.Id, m.Relation)));
        Assert.Equal("relative", family.Members.Single(m => m.Id == "away").Relation);
        Assert.Equal(["away"], (await host.Get<FamilyReader>().ReadAsync("mother", default))!.Of("spouse").Select(m => m.Id));
        Assert.Equal(["mother"], (await host.Get<FamilyReader>().ReadAsync("away", default))!.Of("spouse").Select(m => m.Id));
        Assert.Null(await host.Get<FamilyReader>().ReadAsync("nobody", default));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Officers_who_link_at_once_leave_one_mother(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await ChildAsync(host);
        for (var i = 0; i < 4; i++)
        {
            await host.PutPatientAsync($"m{i}", "Hán Thị Mùi", "1995-05-06", "female");
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => LinkAsync(host, "child", $"m{i}", Kinds.Mother))));
        Assert.Equal(1, outcomes.Count(o => o == KinOutcome.Done));
        Assert.Equal(3, outcomes.Count(o => o == KinOutcome.Another));
    }

    [Fact]
    public async Task A_paper_that_is_gone_or_of_another_shape_says_nothing()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        await MotherAsync(host);
        await BirthAsync(host);
        await PutAsync(host, "RelatedPerson", "odd", ""","patient":{"display":"?"},"relationship":[{"coding":[{"code":"CHILD"}]}],"identifier":[{"value":1}]""");
        await PutAsync(host, "Composition", "odd", ""","subject":{"reference":"Patient/mother"},"extension":[{"url":"https://mach.health.vn/fhir/StructureDefinition/bhyt","extension":[{"url":"MA_ME","valueInteger":1},{"url":"HO_TEN_ME"}]}]""");
        await SweepAsync(host);
        Assert.Single((await host.Get<FamilyReader>().ReadAsync("mother", default))!.Named);
        await host.Store.CommitAsync(new Commit { Writes = [new Write(WriteKind.Delete, "RelatedPerson", "born", default)], Actor = "test" }, default);
        await SweepAsync(host);
        Assert.Empty((await host.Get<FamilyReader>().ReadAsync("mother", default))!.Named);
        await ChildAsync(host);
        Assert.Equal(0, (await SweepAsync(host)).Linked);
    }

    /// <summary>Resources that were stored before such characters were refused.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_number_with_a_character_that_no_database_holds_links_nobody_and_stops_nothing(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("odd", "Trần Thị Lạ", "1990-01-01", "female", ""","identifier":[{"system":"http://fhir.ehealth.gov.vn/core/sid/insurance_card","value":"HC4252520000\u0000001"},{"system":"urn:\u0000","value":"1"}]""");
        await MotherAsync(host);
        await BirthAsync(host);
        await ChildAsync(host);
        Assert.Equal(1, (await SweepAsync(host)).Linked);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_sweep_that_fails_tries_again_and_does_not_stop_the_hub(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await MotherAsync(host);
        await BirthAsync(host);
        await ChildAsync(host);
        await using (var connection = await host.Database.Db.OpenAsync(default))
        {
            await connection.ExecuteAsync("ALTER TABLE ppl_clue RENAME TO ppl_clue_away");
        }

        var log = new Warnings();
        using var service = new SweepService(host.Get<Sweep>(), host.Get<KinSweep>(), host.Store, new PeopleOptions { Quiet = TimeSpan.FromMilliseconds(10) }, TimeProvider.System, log);
        await service.StartAsync(default);
        await log.First.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.False(service.ExecuteTask!.IsCompleted);
        await using (var connection = await host.Database.Db.OpenAsync(default))
        {
            await connection.ExecuteAsync("ALTER TABLE ppl_clue_away RENAME TO ppl_clue");
        }

        for (var i = 0; i < 600 && await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default) is null; i++)
        {
            await Task.Delay(100);
        }

        Assert.NotNull(await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default));
        await service.StopAsync(default);
    }

    private sealed class Warnings : ILogger<SweepService>
    {
        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                First.TrySetResult();
            }
        }
    }

    internal static Task<string> MotherAsync(PeopleHost host) => host.PutPatientAsync("mother", "Hán Thị Mùi", "1995-05-06", "female", Insured("2520000001") + Home);

    internal static Task<string> ChildAsync(PeopleHost host) => host.PutPatientAsync("child", "CON BÀ HÁN THỊ MÙI", "2024-01-02", "female", Insured("2599900001") + Home);

    internal static Task<CommitResult> BirthAsync(PeopleHost host, string id = "born") => PutAsync(host, "RelatedPerson", id,
        ""","identifier":[{"system":"http://fhir.ehealth.gov.vn/core/sid/insurance_card","value":"TE1252599900001"}],"patient":{"reference":"Patient/mother"},"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"CHILD"}]}],"name":[{"text":"Hán Ngọc Diệp"}],"gender":"female","birthDate":"2024-01-02" """);

    internal static Task<KinSwept> SweepAsync(PeopleHost host) => SweepAllAsync(host.Get<KinSweep>());

    private static async Task<KinSwept> SweepAllAsync(KinSweep sweep)
    {
        var all = default(KinSwept);
        while (await sweep.StepAsync(default) is { Read: > 0 } step)
        {
            all = new KinSwept(all.Read + step.Read, all.Linked + step.Linked, all.Asked + step.Asked);
        }

        return all;
    }

    private static Task<KinOutcome> LinkAsync(PeopleHost host, string patient, string relative, string kind) => host.Get<FamilyLinks>().LinkAsync(new KinWanted(patient, relative, kind, "an", "hỏi gia đình"), default);

    private static Task<KinOutcome> RemoveAsync(PeopleHost host, string patient, string relative, string kind) => host.Get<FamilyLinks>().RemoveAsync(new KinWanted(patient, relative, kind, "an", "nhầm"), default);

    private static string Insured(string number) => $$""","identifier":[{"system":"http://fhir.ehealth.gov.vn/core/sid/insurance_number","value":"{{number}}"}]""";

    private static Task<CommitResult> PaperAsync(PeopleHost host, string id, string patient, params (string Field, string Value)[] fields) => PutAsync(host, "Composition", id,
        $$""","status":"final","type":{"coding":[{"system":"http://loinc.org","code":"18842-5"}]},"subject":{"reference":"Patient/{{patient}}"},"extension":[{"url":"https://mach.health.vn/fhir/StructureDefinition/bhyt","extension":[{{string.Join(',', fields.Select(f => $$"""{"url":"{{f.Field}}","valueString":"{{f.Value}}"}"""))}}]}]""");

    private static Task<CommitResult> PutAsync(PeopleHost host, string type, string id, string more) => host.Store.CommitAsync(
        new Commit { Writes = [new Write(WriteKind.Put, type, id, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}"{{more}}}"""))], Actor = "test" }, default);
}
