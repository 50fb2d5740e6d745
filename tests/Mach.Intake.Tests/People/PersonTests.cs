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

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_visit_sent_again_for_somebody_else_moves_with_a_finding_and_a_question_until_it_goes_back(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var hoa = Samples.Visit("LK7");
        var binh = Samples.Visit("LK7", national: "025088000999", card: null, name: "Trần Văn Bình", birth: "198801010000", sex: "1", number: "BN2");
        await host.TakeAsync(hoa);
        var first = (await host.VersionAsync(hoa)).Patient;
        var moved = await host.TakeAsync(binh);
        var finding = Assert.Single(moved.Outcomes[0].Findings, f => f.Rule == "person.contradiction");
        Assert.Equal("MA_LK", finding.Field);
        var second = (await host.VersionAsync(binh)).Patient;
        Assert.NotEqual(first, second);
        Assert.DoesNotContain("\"temp\"", await host.PatientAsync(second), StringComparison.Ordinal);
        var question = Assert.Single((await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default)).Rows);
        Assert.Equal(["visit-other-person"], question.ReasonCodes);
        Assert.Equal((second, first), (question.Patient, Assert.Single(question.CandidateIds)));

        // Another correction under the same person does not answer it; going back to whom it was does.
        binh.Summary["CHAN_DOAN_RV"] = "Khác";
        await host.TakeAsync(binh);
        Assert.Equal(1, await QuestionsAsync(host, "waiting"));
        hoa.Summary["CHAN_DOAN_RV"] = "Khác nữa";
        var back = await host.TakeAsync(hoa);
        Assert.DoesNotContain(back.Outcomes[0].Findings, f => f.Rule == "person.contradiction");
        Assert.Equal(first, (await host.VersionAsync(hoa)).Patient);
        Assert.Equal((0L, 1L), (await QuestionsAsync(host, "waiting"), await QuestionsAsync(host, "corrected")));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_number_or_a_name_corrected_asks_nobody(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        await host.TakeAsync(Samples.Visit("A", card: null));
        await host.TakeAsync(Samples.Visit("A", national: "025190000124", card: null));
        await host.TakeAsync(Samples.Visit("B", national: null, card: null, name: "Lê Văn Mười", sex: "2", number: "BN9"));
        await host.TakeAsync(Samples.Visit("B", national: null, card: null, name: "Lê Thị Mười", sex: "2", number: "BN9"));
        Assert.Equal(0, await QuestionsAsync(host, "waiting"));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_visit_that_moves_under_disputed_papers_asks_about_both(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var hoa = Samples.Visit("A");
        var mai = Samples.Visit("B", national: "025192000777", card: null, name: "Lê Thị Mai", birth: "199201010000", number: "BN3");
        await host.TakeAsync(hoa);
        await host.TakeAsync(mai);
        var (first, second) = ((await host.VersionAsync(hoa)).Patient, (await host.VersionAsync(mai)).Patient);
        await host.TakeAsync(Samples.Visit("A", national: "025192000777", card: null, name: "Trần Văn Bình", birth: "195501010000", sex: "1", number: "BN2"));
        var question = Assert.Single((await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default)).Rows);
        Assert.Equal(["national-details", "visit-other-person"], question.ReasonCodes);
        Assert.Equal([second, first], question.CandidateIds);
        await host.IsCleanAsync();
    }

    private static async Task<long> QuestionsAsync(IntakeHost host, string status)
    {
        await using var connection = await host.Database.Db.OpenAsync(default);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM ppl_question WHERE status = @status", new { status });
    }
}
