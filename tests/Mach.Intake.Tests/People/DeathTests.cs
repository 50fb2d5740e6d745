using System.Text.Json;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Labels;
using Mach.People.Questions;
using Mach.Testing;
using Mach.Vietnam.Bhyt;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Intake.Tests.People;

/// <summary>What dossiers say of death, and what stays through whatever they say. Source: docs/adr/0012 "Labels", "Death".</summary>
public sealed class DeathTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_visit_after_the_death_is_a_question_and_one_of_the_same_day_is_not(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var last = Died("A", "202606101000");
        await host.TakeAsync(last);
        var sameDay = Samples.Visit("B", day: "202606102300");
        var earlier = Samples.Visit("C", day: "202506102300");
        var again = Died("D", "202606120800");
        var after = Samples.Visit("E", day: "202606110001");
        foreach (var dossier in new[] { sameDay, earlier, again, after })
        {
            await host.TakeAsync(dossier);
        }

        var person = (await host.VersionAsync(last)).Patient;
        Assert.All([sameDay, earlier, again], d => Assert.Equal(person, host.VersionAsync(d).GetAwaiter().GetResult().Patient));
        Assert.NotEqual(person, (await host.VersionAsync(after)).Patient);
        var (waiting, _) = await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default);
        var question = Assert.Single(waiting);
        Assert.Equal(["after-death"], question.ReasonCodes);
        Assert.Equal([person], question.CandidateIds);
        Assert.Contains("2026-06-10", (await DeceasedAsync(host, person))!, StringComparison.Ordinal);
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_death_before_a_known_visit_is_a_question_too_unless_it_is_that_visit_sent_again(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var visit = Samples.Visit("A", day: "202606101000");
        await host.TakeAsync(visit);
        var death = Died("B", "202606080700");
        await host.TakeAsync(death);
        Assert.NotEqual((await host.VersionAsync(visit)).Patient, (await host.VersionAsync(death)).Patient);
        var (waiting, _) = await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default);
        Assert.Equal(["after-death"], Assert.Single(waiting).ReasonCodes);
        var corrected = Died("A", "202606090900");
        await host.TakeAsync(corrected);
        Assert.Equal((await host.VersionAsync(visit)).Patient, (await host.VersionAsync(corrected)).Patient);
        Assert.Contains("2026-06-09", (await DeceasedAsync(host, (await host.VersionAsync(visit)).Patient))!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Without_numbers_a_facility_number_of_a_dead_person_is_a_question(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var death = Died("A", "202606080700");
        (death.Summary["SO_CCCD"], death.Summary["MA_THE_BHYT"]) = ("", "");
        await host.TakeAsync(death);
        var after = Samples.Visit("B", national: null, card: null);
        await host.TakeAsync(after);
        Assert.NotEqual((await host.VersionAsync(death)).Patient, (await host.VersionAsync(after)).Patient);
        Assert.Equal(1, (await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default)).Total);
        var later = Samples.Visit("C", national: null, card: null, day: "202607101000");
        await host.TakeAsync(later);
        Assert.Equal((await host.VersionAsync(after)).Patient, (await host.VersionAsync(later)).Patient);
        Assert.Equal(1, (await QuestionTable.ListAsync(host.Database.Db, "waiting", 10, 0, default)).Total);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Wrongly_taken_for_dead_a_person_lives_on_until_a_later_death_and_the_correction_can_be_taken_back(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var death = Died("A", "202606101000");
        await host.TakeAsync(death);
        var person = (await host.VersionAsync(death)).Patient;
        var before = await host.PatientAsync(person);
        var marks = host.Services.GetRequiredService<Marks>();
        Assert.Equal(MarkOutcome.Nothing, await marks.MarkAsync(person, Marks.Dead, "officer", "chưa sửa gì", default));
        Assert.Equal(MarkOutcome.Done, await marks.MarkAsync(person, Marks.Alive, "officer", "gọi điện, còn sống", default));
        Assert.Equal("False", await DeceasedAsync(host, person));
        Assert.Equal(MarkOutcome.Nothing, await marks.MarkAsync(person, Marks.Alive, "officer", "gọi điện, còn sống", default));

        Assert.Equal(MarkOutcome.Done, await marks.MarkAsync(person, Marks.Dead, "officer", "nhầm người", default));
        Assert.Equal(await DeceasedOfAsync(before), await DeceasedAsync(host, person));
        Assert.DoesNotContain("known-alive", await host.PatientAsync(person), StringComparison.Ordinal);
        await marks.MarkAsync(person, Marks.Alive, "officer", "gọi điện lại, còn sống", default);

        death.Summary["CHAN_DOAN_RV"] = "Viêm phổi";
        await host.TakeAsync(death);
        Assert.Equal("False", await DeceasedAsync(host, person));
        var visit = Samples.Visit("B", day: "202606201000");
        await host.TakeAsync(visit);
        Assert.Equal(person, (await host.VersionAsync(visit)).Patient);
        var later = Died("C", "209906101000");
        await host.TakeAsync(later);
        Assert.Equal(person, (await host.VersionAsync(later)).Patient);
        Assert.Contains("2099-06-10", (await DeceasedAsync(host, person))!, StringComparison.Ordinal);
        Assert.Equal(["alive", "dead", "alive"], (await host.Services.GetRequiredService<MarkTable>().OfAsync([person], default)).Select(m => m.Mark));
        await host.IsCleanAsync();
    }

    /// <summary>Whatever dossiers state, in any order, again and corrected, newer and older: the labels of their person stay.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Any_sequence_of_claims_keeps_the_labels(DbEngine engine)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var host = await IntakeHost.StartAsync(engine);
        var first = Samples.Visit("A");
        await host.TakeAsync(first);
        var person = (await host.VersionAsync(first)).Patient;
        var marks = host.Services.GetRequiredService<Marks>();
        await marks.MarkAsync(person, Marks.Confidential, "officer", "why", default);
        await marks.MarkAsync(person, Marks.Test, "officer", "why", default);
        string[] names = ["Nguyễn Thị Hoa", "NGUYEN THI HOA", "Hoa Nguyễn Thị", "Nguyễn Thị Hoà Bình"];
        var touched = 0;
        for (var i = 0; i < 25; i++)
        {
            var dossier = Samples.Visit(
                "V" + random.Next(12), facility: "2500" + random.Next(1, 4), national: random.Next(3) > 0 ? "025199000123" : null, card: random.Next(3) > 0 ? "DN4252500012345" : null,
                name: names[random.Next(names.Length)], birth: random.Next(4) > 0 ? "199003070000" : "1990", number: "BN" + random.Next(3), day: $"20{random.Next(20, 27)}0{random.Next(1, 10)}101000", phone: "09120001" + random.Next(10, 99));
            if (random.Next(6) == 0)
            {
                dossier.Summary["KET_QUA_DTRI"] = "5";
            }

            await host.TakeAsync(dossier);
            touched += (await host.VersionAsync(dossier)).Patient == person ? 1 : 0;
            using var body = JsonDocument.Parse(await host.PatientAsync(person));
            Assert.True(PersonLabel.Read(body.RootElement) == (PersonLabels.Confidential | PersonLabels.Test), $"seed {seed}, claim {i}");
        }

        Assert.True(touched > 0, $"seed {seed}");
        Assert.Equal([person], await host.Services.GetRequiredService<IPersonConfidentiality>().ConfidentialAsync([person], default));
        await host.IsCleanAsync();
    }

    private static Dossier Died(string maLk, string day)
    {
        var dossier = Samples.Visit(maLk, day: day);
        dossier.Summary["KET_QUA_DTRI"] = "5";
        return dossier;
    }

    private static async Task<string?> DeceasedAsync(IntakeHost host, string person) => await DeceasedOfAsync(await host.PatientAsync(person));

    private static Task<string?> DeceasedOfAsync(string body)
    {
        using var json = JsonDocument.Parse(body);
        return Task.FromResult(json.RootElement.TryGetProperty("deceasedDateTime", out var at) ? at.GetString()
            : json.RootElement.TryGetProperty("deceasedBoolean", out var flag) ? flag.GetBoolean().ToString() : null);
    }
}
