using System.Security.Cryptography;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Tests;

/// <summary>What the demonstration promises: enough people and visits, the same bytes each time, envelopes that read back, flat memory.</summary>
[Collection(SmallProvince.Collection)]
public sealed class ProvinceTests(SmallProvince small)
{
    [Fact]
    public void The_small_province_has_two_thousand_people_and_twenty_thousand_visits()
    {
        Assert.True(small.Visits.Count() >= 20_500, $"{small.Visits.Count()} visits");
        Assert.True(small.Visits.Select(w => w.Visit.Person.Index).Distinct().Count() >= 2_000);
        Assert.InRange(small.Written.Count(w => w.Dossier.IsCheckIn), 5, 60);
    }

    [Fact]
    public void The_estimate_is_exact_for_a_small_province() =>
        Assert.Equal(small.Visits.Count(), new Province(2_100, today: SmallProvince.Today).EstimatedVisits);

    [Fact]
    public void There_are_47_hospitals_and_a_station_for_each_commune()
    {
        var facilities = new Province(2_100, today: SmallProvince.Today).Facilities;
        Assert.Equal(2, facilities.Count(f => f.Tier == "specialised"));
        Assert.Equal(45, facilities.Count(f => f.Tier == "basic"));
        Assert.Equal(148, facilities.Where(f => f.Tier == "initial").Select(f => f.CommuneCode).Distinct().Count());
        Assert.Equal(facilities.Count, facilities.Select(f => f.Code).Distinct().Count());
        Assert.All(facilities, f => Assert.Matches("^25[0-9]{3}$", f.Code));
        Assert.Equal(494, new Province(1_300_000, today: SmallProvince.Today).Facilities.Count(f => f.Tier == "initial"));
    }

    [Fact]
    public void The_same_people_seed_and_day_give_the_same_bytes()
    {
        Assert.Equal(Digest(2026), Digest(2026));
        Assert.NotEqual(Digest(2026), Digest(7));

        static string Digest(int seed)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (name, envelope) in new Province(1_000, seed, SmallProvince.Today).Envelopes(40).Take(600))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
                hash.AppendData(envelope);
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    [Fact]
    public void Every_envelope_scans_and_reads_back_to_the_same_dossiers()
    {
        var expected = small.Written.ToDictionary(w => (w.Dossier.FacilityCode, w.Dossier.MaLk, w.Dossier.IsCheckIn), w => w.Dossier);
        var seen = 0;
        foreach (var (name, envelope) in new Province(2_100, today: SmallProvince.Today).Envelopes(50))
        {
            using var stream = new MemoryStream(envelope);
            var scan = EnvelopeReader.Scan(stream, new EnvelopeLimits(), CancellationToken.None);
            for (var i = 0; i < scan.Dossiers.Count; i++)
            {
                var (offset, length) = scan.Dossiers[i];
                var read = EnvelopeReader.ReadDossier(envelope.AsMemory((int)offset, length), i + 1, scan.FacilityCode);
                Assert.True(Same(expected[(read.FacilityCode, read.MaLk, read.IsCheckIn)], read), $"{name}, dossier {i + 1}");
                seen++;
            }
        }

        Assert.Equal(expected.Count, seen);
    }

    [Fact]
    public void Envelopes_keep_the_order_of_each_life()
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, envelope) in new Province(1_000, today: SmallProvince.Today).Envelopes(50))
        {
            using var stream = new MemoryStream(envelope);
            var scan = EnvelopeReader.Scan(stream, new EnvelopeLimits(), CancellationToken.None);
            foreach (var (offset, length) in scan.IsCheckIn ? [] : scan.Dossiers)
            {
                var row = EnvelopeReader.ReadDossier(envelope.AsMemory((int)offset, length), 1, scan.FacilityCode).Summary;
                var person = row["MA_LK"]![6..14];
                Assert.True(string.CompareOrdinal(last.GetValueOrDefault(person, ""), row["NGAY_VAO"]) <= 0, row["MA_LK"]);
                last[person] = row["NGAY_VAO"]!;
            }
        }
    }

    [Fact]
    public void One_record_is_very_long()
    {
        var cccd = new Province(2_100, today: SmallProvince.Today).LongestRecordCccd;
        Assert.True(small.Visits.Count(w => w.Visit.Person.Cccd == cccd) >= 700);
    }

    private static bool Same(Dossier a, Dossier b) =>
        a.Tables.Select(t => t.Name).SequenceEqual(b.Tables.Select(t => t.Name))
        && a.Tables.Zip(b.Tables).All(p => p.First.Rows.Count == p.Second.Rows.Count
            && p.First.Rows.Zip(p.Second.Rows).All(r => r.First.Table.Fields.All(f => r.First[f.Name] == r.Second[f.Name])));
}
