using Mach.Data;
using Mach.Intake.Filing;
using Mach.Kernel;
using Mach.Testing;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Filing;

/// <summary>Dossiers of a few persons, in any order and from several clients at once.</summary>
public sealed class FilingLineTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Many_dossiers_of_one_person_under_two_identifiers_all_arrive(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        await host.TakeAsync(Samples.Visit("FIRST"));
        Dossier[] byCitizen = [.. Enumerable.Range(0, 150).Select(i => Samples.Visit("N" + i, card: null, number: "N" + i))];
        Dossier[] byCard = [.. Enumerable.Range(0, 150).Select(i => Samples.Visit("C" + i, national: null, number: "C" + i))];
        var taking = Task.WhenAll(host.TakeAsync(byCitizen), host.TakeAsync(byCard), host.TakeAsync([.. byCitizen.Zip(byCard).SelectMany(p => new[] { p.First, p.Second })]));
        await taking.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(300, (await taking).Sum(r => r.New));
        var filed = await host.VersionsAsync([.. byCitizen, .. byCard]);
        Assert.Equal(300, filed.Count);
        Assert.Single(filed.Values.Select(v => v.Patient).Distinct());
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_dossier_and_its_correction_in_one_envelope_end_with_the_correction(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        await host.TakeAsync(Samples.Visit("FIRST"));
        var all = Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Samples.Visit("V" + i, card: i % 2 == 0 ? null : "DN4252500012345", national: i % 2 == 0 ? "025199000123" : null, diagnosis: "Trước"),
            Samples.Visit("V" + i, card: i % 3 == 0 ? null : "DN4252500012345", national: i % 3 == 0 ? "025199000123" : null, diagnosis: "Sau"),
        }).ToArray();
        var receipt = await host.TakeAsync(all).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((40, 40), (receipt.New, receipt.Updated));
        foreach (var visit in all.DistinctBy(v => v.MaLk))
        {
            var kept = await Versions.BytesAsync(host.Database.Db, Ids.Derive(visit.FacilityCode, visit.MaLk), 2, default);
            Assert.Equal("Sau", EnvelopeReader.ReadDossier(kept, 1, "25001").Summary["CHAN_DOAN_RV"]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Any_interleaving_makes_one_visit_per_key_and_one_patient_per_person(DbEngine engine)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            await using var host = await IntakeHost.StartAsync(engine);
            // The whole identity of each person is known first; what comes after carries any part of it.
            await host.TakeAsync([.. Enumerable.Range(0, 4).Select(p => Visit(p, "KNOWN" + p, both: true, 0))]);
            var pool = Enumerable.Range(0, 240).Select(_ => Random(random)).ToList();
            var clients = pool.Chunk(60).Select(dossiers => Task.Run(async () =>
            {
                foreach (var envelope in dossiers.GroupBy(d => d.FacilityCode).SelectMany(own => own.Chunk(dossiers[0].MaLk.Length % 2 == 0 ? 7 : 30)))
                {
                    Assert.Equal(0, (await host.TakeAsync([.. envelope])).Refused);
                }
            })).ToList();
            await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(90));
            var filed = await host.VersionsAsync([.. pool]);
            Assert.Equal(pool.Select(d => (d.FacilityCode, d.MaLk)).Distinct().Count(), filed.Count);
            foreach (var person in Enumerable.Range(0, 4))
            {
                var known = (await host.VersionAsync(Visit(person, "KNOWN" + person, true, 0))).Patient;
                var own = pool.Where(d => d.MaLk.StartsWith($"P{person}-", StringComparison.Ordinal)).ToArray();
                Assert.All(await host.VersionsAsync(own), v => Assert.Equal(known, v.Value.Patient));
                var stranger = pool.Where(d => d.MaLk.StartsWith($"X{person}-", StringComparison.Ordinal)).ToArray();
                var apart = (await host.VersionsAsync(stranger)).Values.Select(v => v.Patient).Distinct().ToList();
                Assert.DoesNotContain(known, apart);
                Assert.True(apart.Count <= 1, $"seed {seed}: {apart.Count} provisional persons for one contradiction");
                Assert.Equal(filed.Count(f => f.Value.Patient == known) + 1, (await host.Store.CompartmentCountsAsync([known], default))["Encounter"]);
            }

            await host.IsCleanAsync();
        }
    }

    private static Dossier Random(Random random)
    {
        var person = random.Next(4);
        var number = random.Next(12);
        return random.Next(8) == 0
            ? Samples.Visit($"X{person}-{number}", national: National(person), card: null, name: "Lê Văn Khác", birth: "195001010000", sex: "1", number: $"X{person}")
            : Visit(person, $"P{person}-{number}", random.Next(3) == 0, random.Next(3), random.Next(2) == 0, random.Next(2) == 0 ? "25001" : "25002");
    }

    private static Dossier Visit(int person, string maLk, bool both, int edition, bool byCard = false, string facility = "25001") => Samples.Visit(
        maLk, facility, both || !byCard ? National(person) : null, both || byCard ? $"DN42525000{person}2345" : null,
        number: $"B{person}", diagnosis: "Lần " + edition);

    private static string National(int person) => $"02519900{person}123";
}
