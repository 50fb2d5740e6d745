using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Intake.Keeping;
using Mach.Testing;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Filing;

public sealed class TakingTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_dossier_becomes_a_record_and_the_same_again_changes_nothing(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var visit = Samples.Visit();
        var first = await host.TakeAsync(visit);
        Assert.Equal((1, 0, 0, 0), (first.New, first.Updated, first.Unchanged, first.Refused));
        var filed = await host.VersionAsync(visit);
        var counts = await host.Store.CompartmentCountsAsync([filed.Patient], default);
        Assert.Equal(1, counts["Encounter"]);
        Assert.True(counts["MedicationRequest"] == 1 && counts["Condition"] >= 1);

        var before = (await host.Store.FeedAsync(0, 1000, default)).Count;
        var again = await host.TakeAsync(visit);
        Assert.Equal(1, again.Unchanged);
        Assert.Equal(before, (await host.Store.FeedAsync(0, 1000, default)).Count);
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_corrected_dossier_is_a_new_version_and_what_it_no_longer_says_is_gone(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        await host.TakeAsync(Samples.Visit());
        var corrected = Samples.Visit(diagnosis: "Viêm họng mủ");
        corrected.Tables.RemoveAll(t => t.Name == "XML2");
        Assert.Equal(1, (await host.TakeAsync(corrected)).Updated);
        var filed = await host.VersionAsync(corrected);
        Assert.Equal(2, filed.Version);
        var counts = await host.Store.CompartmentCountsAsync([filed.Patient], default);
        Assert.False(counts.TryGetValue("MedicationRequest", out var left) && left > 0);
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_same_key_from_another_facility_is_another_visit_of_the_same_person(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var (here, there) = (Samples.Visit(), Samples.Visit(facility: "25002"));
        await host.TakeAsync(here);
        await host.TakeAsync(there);
        var filed = await host.VersionsAsync(here, there);
        Assert.Equal(2, filed.Count);
        Assert.Single(filed.Values.Select(v => v.Patient).Distinct());
        Assert.Equal(FacilityStatus.Provisional, host.Facilities.Find("25002")!.Status);
        Assert.NotNull(await host.Store.ReadAsync("Organization", "cskcb-25002", default));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task One_bad_dossier_does_not_stop_the_others_and_is_named_by_its_place(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var bad = Samples.Visit("LK2");
        bad.Summary["MA_LK"] = "ANOTHER";
        var receipt = await host.TakeAsync(Samples.Visit("LK1"), bad, Samples.Visit("LK3"));
        Assert.Equal((2, 1), (receipt.New, receipt.Refused));
        var refused = Assert.Single(receipt.Outcomes, o => o.Result == DossierResult.Refused);
        Assert.Equal(2, refused.Position);
        Assert.Equal(Kernel.FindingSeverity.Refusal, refused.Findings[0].Severity);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Clients_that_send_the_same_at_once_make_one_visit(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var visits = Enumerable.Range(1, 6).Select(i => Samples.Visit("LK" + i)).ToArray();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.TakeAsync(visits)));
        Assert.Equal(6, receipts.Sum(r => r.New));
        Assert.Equal(18, receipts.Sum(r => r.Unchanged));
        var filed = await host.VersionsAsync(visits);
        Assert.Single(filed.Values.Select(v => v.Patient).Distinct());
        Assert.All(filed.Values, v => Assert.Equal(1, v.Version));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_same_dossier_twice_in_one_envelope_makes_one_visit(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var receipt = await host.TakeAsync(Samples.Visit(), Samples.Visit());
        Assert.Equal((1, 1), (receipt.New, receipt.Unchanged));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_envelope_and_each_dossier_are_kept_exactly(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var alone = Samples.Envelope(Samples.Visit("LK1"));
        var many = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Samples.Envelope(Samples.Visit("LK2"), Samples.Visit("LK3"))).Replace("<HOSO>", "\r\n <HOSO >", StringComparison.Ordinal));
        foreach (var envelope in new[] { alone, many, alone, Encoding.UTF8.GetBytes("<GIAMDINHHS>") })
        {
            var receipt = await host.TakeAsync(envelope);
            using var kept = new MemoryStream();
            await new KeptEnvelope(host.Database.Db).WriteAsync(receipt.Id, kept, default);
            Assert.Equal(envelope, kept.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_check_in_after_the_dossier_changes_nothing_and_before_it_is_its_first_version(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        Assert.Equal(1, (await host.TakeAsync(Samples.File(Samples.CheckIn()))).New);
        Assert.Equal(1, (await host.TakeAsync(Samples.Visit())).Updated);
        var late = Samples.CheckIn();
        late.Summary["NGAY_VAO"] = "202606100700";
        Assert.Equal(1, (await host.TakeAsync(Samples.File(late))).Unchanged);
        Assert.Equal(2, (await host.VersionAsync(Samples.Visit())).Version);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_account_that_is_bound_to_a_facility_sends_for_no_other(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var receipt = await host.TakeAsync(Samples.Envelope(Samples.Visit()), bound: "25002");
        Assert.Equal(RuleNames.BoundFacility, Assert.Single(receipt.Outcomes).Findings[0].Rule);
        Assert.Empty(await host.VersionsAsync(Samples.Visit()));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_cannot_be_read_changes_nothing_and_is_shown(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine, new EnvelopeLimits(MaxBytes: 100_000));
        string[] bad =
        [
            "", "   ", "no xml", "<GIAMDINHHS/>",
            "<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><GIAMDINHHS>&b;</GIAMDINHHS>",
            Encoding.UTF8.GetString(Samples.Envelope(Samples.Visit())).Replace("<SOLUONGHOSO>1<", "<SOLUONGHOSO>3<", StringComparison.Ordinal),
            new string(' ', 200_000),
        ];
        foreach (var text in bad)
        {
            var receipt = await host.TakeAsync(Encoding.UTF8.GetBytes(text));
            Assert.NotNull(receipt.Rejection);
            Assert.Equal(text.Length > 100_000, receipt.IsTooLarge);
        }

        Assert.Empty(await host.Store.FeedAsync(0, 10, default));
    }
}
