using Dapper;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Questions;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Intake.Tests.People;

public sealed class PersonTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Exact_identifiers_merge_whatever_the_facility_and_the_tones_of_the_name(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var first = Samples.Visit("A");
        var byCitizenNumber = Samples.Visit("B", facility: "25002", card: null, name: "HOA NGUYEN THI", number: "X9");
        var byCard = Samples.Visit("C", facility: "25003", national: null, card: "2500012345", number: "Y7");
        await host.TakeAsync(first);
        await host.TakeAsync(byCitizenNumber);
        await host.TakeAsync(byCard);
        Assert.Single((await host.VersionsAsync(first, byCitizenNumber, byCard)).Values.Select(v => v.Patient).Distinct());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_newest_visit_wins_in_any_order_of_arrival(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var newer = Samples.Visit("A", name: "Nguyễn Thị Hòa", day: "202606101000", phone: "0912000111");
        await host.TakeAsync(newer);
        await host.TakeAsync(Samples.Visit("B", name: "Nguyễn Thị Hoà Bình", day: "202001101000", phone: "0912000222"));
        var body = await host.PatientAsync((await host.VersionAsync(newer)).Patient);
        Assert.Contains("\"Nguyễn Thị Hòa\"", body, StringComparison.Ordinal);
        Assert.Contains("0912000111", body, StringComparison.Ordinal);
        Assert.Contains("0912000222", body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task One_insurance_number_with_two_citizen_numbers_waits_and_asks_once(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var known = Samples.Visit("A");
        var other = Samples.Visit("B", national: "025188000999", name: "Trần Văn Bình", birth: "195501010000", sex: "1", number: "BN2");
        await host.TakeAsync(known);
        await host.TakeAsync(other);
        var filed = await host.VersionsAsync(known, other);
        Assert.Equal(2, filed.Values.Select(v => v.Patient).Distinct().Count());
        await host.TakeAsync(other);
        other.Summary["CHAN_DOAN_RV"] = "Khác";
        await host.TakeAsync(other);
        await host.TakeAsync(Samples.Visit("C", national: "025188000999", name: "Trần Văn Bình", birth: "195501010000", sex: "1", number: "BN2"));
        Assert.Equal(1, await QuestionsAsync(host, "waiting"));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_same_citizen_number_with_another_name_and_sex_waits_and_may_be_linked_and_unlinked(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var known = Samples.Visit("A");
        var other = Samples.Visit("B", card: null, name: "Trần Văn Bình", birth: "195501010000", sex: "1", number: "BN2");
        await host.TakeAsync(known);
        await host.TakeAsync(other);
        var (first, second) = ((await host.VersionAsync(known)).Patient, (await host.VersionAsync(other)).Patient);
        Assert.NotEqual(first, second);
        var (waiting, _) = await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default);
        var question = Assert.Single(waiting);
        Assert.Equal([first], question.CandidateIds);

        var decisions = host.Services.GetRequiredService<Decisions>();
        var links = host.Services.GetRequiredService<IPersonLinks>();
        Assert.True(await decisions.DecideAsync(question.Id, first, DecisionRow.Same, "officer", "same papers", default));
        Assert.Equal([first, second], await links.LinkedAsync(first, default));
        Assert.Equal([second, first], await links.LinkedAsync(second, default));
        Assert.Equal(0, await QuestionsAsync(host, "waiting"));
        Assert.True(await decisions.DecideAsync(question.Id, first, DecisionRow.Undone, "officer", "", default));
        Assert.Equal([first], await links.LinkedAsync(first, default));
        Assert.Equal(1, await QuestionsAsync(host, "waiting"));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Without_identifiers_a_facility_number_counts_only_with_the_same_name_birth_and_sex(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var first = Samples.Visit("A", national: null, card: null);
        var same = Samples.Visit("B", national: null, card: null);
        var another = Samples.Visit("C", national: null, card: null, name: "Lê Thị Mai");
        await host.TakeAsync(first);
        await host.TakeAsync(same);
        await host.TakeAsync(another);
        var filed = await host.VersionsAsync(first, same, another);
        Assert.Equal(2, filed.Values.Select(v => v.Patient).Distinct().Count());
    }

    private static async Task<long> QuestionsAsync(IntakeHost host, string status)
    {
        await using var connection = await host.Database.Db.OpenAsync(default);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM ppl_question WHERE status = @status", new { status });
    }
}
