using System.Globalization;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Tests;

/// <summary>The dossiers obey the rules where they mean to, and break them where they mean to.</summary>
[Collection(SmallProvince.Collection)]
public sealed class DossierTests(SmallProvince small)
{
    [Fact]
    public void Dossiers_without_a_defect_pass_every_check()
    {
        var found = new SortedDictionary<string, (int Count, string Example)>(StringComparer.Ordinal);
        foreach (var (dossier, _, _) in small.Written.Where(w => w.Defect is null))
        {
            foreach (var finding in DossierChecks.Check(dossier, SmallProvince.Today).Where(f => f.Severity > FindingSeverity.Information))
            {
                var rule = $"{finding.Rule} {finding.Table}.{finding.Field}";
                found[rule] = (found.GetValueOrDefault(rule).Count + 1, found.TryGetValue(rule, out var f) ? f.Example : $"{dossier.MaLk} '{finding.Value}': {finding.En}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found.Select(f => $"{f.Value.Count} × {f.Key}: {f.Value.Example}")));
    }

    [Fact]
    public void Two_or_three_in_a_hundred_carry_a_defect_of_many_kinds()
    {
        var defects = small.Visits.Where(w => w.Defect is not null).ToList();
        Assert.InRange(defects.Count / (double)small.Visits.Count(), 0.015, 0.04);
        Assert.True(defects.Select(d => d.Defect).Distinct().Count() >= 15);
        Assert.InRange(defects.Count(d => d.Defect == "another identity number"), 2, 30);
        Assert.InRange(defects.Count(d => d.Defect == "no papers"), 10, 60);
        Assert.InRange(defects.Count(d => d.Defect == "father's number as the mother's"), 2, 20);
    }

    /// <summary>Amounts: vietnam-formats §1.5.</summary>
    [Fact]
    public void Amounts_follow_the_formulas_and_totals_are_sums_of_the_rows() => Assert.All(small.Visits.Where(w => w.Defect is null), w =>
    {
        var rows = (w.Dossier["XML2"]?.Rows ?? []).Concat(w.Dossier["XML3"]!.Rows).ToList();
        foreach (var row in rows)
        {
            var price = Number(row, row.Table.Name == "XML2" ? "DON_GIA" : "DON_GIA_BV");
            Assert.Equal(Math.Round(Number(row, "SO_LUONG") * price, 2, MidpointRounding.AwayFromZero), Number(row, "THANH_TIEN_BV"));
            Assert.Equal(Number(row, "THANH_TIEN_BV"), Number(row, "T_BHTT") + Number(row, "T_BNCCT") + Number(row, "T_BNTT"));
            Assert.Equal(Math.Round(Number(row, "THANH_TIEN_BH") * Number(row, "MUC_HUONG") / 100, 2, MidpointRounding.AwayFromZero), Number(row, "T_BHTT"));
        }

        var sum = w.Dossier.Summary;
        Assert.Equal(rows.Sum(r => Number(r, "THANH_TIEN_BV")), Number(sum, "T_TONGCHI_BV"));
        Assert.Equal(rows.Sum(r => Number(r, "THANH_TIEN_BH")), Number(sum, "T_TONGCHI_BH"));
        Assert.Equal(Number(sum, "T_TONGCHI_BH") - Number(sum, "T_BNCCT"), Number(sum, "T_BHTT"));
    });

    [Fact]
    public void Times_stand_in_order() => Assert.All(small.Visits.Where(w => w.Defect is null), w =>
    {
        var sum = w.Dossier.Summary;
        var (from, to) = (sum["NGAY_VAO"]!, sum["NGAY_RA"]!);
        foreach (var row in (w.Dossier["XML2"]?.Rows ?? []).Concat(w.Dossier["XML3"]!.Rows))
        {
            string[] times = [from, row["NGAY_YL"]!, row["NGAY_TH_YL"]!, row.Table.IndexOf("NGAY_KQ") >= 0 ? row["NGAY_KQ"]! : "", to, sum["NGAY_TTOAN"]!];
            var given = times.Where(t => t.Length > 0).ToList();
            Assert.Equal(given.Order(StringComparer.Ordinal), given);
        }
    });

    [Fact]
    public void Values_of_a_long_disease_move_slowly()
    {
        var series = small.Visits.Where(w => w.Defect is null && w.Dossier["XML4"] is not null)
            .SelectMany(w => w.Dossier["XML4"]!.Rows.Where(r => r["MA_CHI_SO"] == "HBA1C").Select(r => (w.Visit.Person.Index, Value: Number(r, "GIA_TRI"))))
            .GroupBy(r => r.Index).Where(g => g.Count() >= 5).ToList();
        Assert.NotEmpty(series);
        Assert.All(series, s => Assert.True(s.Zip(s.Skip(1)).All(p => Math.Abs(p.First.Value - p.Second.Value) < 3)));
    }

    [Fact]
    public void A_number_of_dossiers_come_from_a_facility_that_nobody_knows() =>
        Assert.InRange(small.Visits.Count(w => w.Dossier.FacilityCode == "25987"), 1, 60);

    [Fact]
    public void The_key_of_an_episode_is_used_once_in_a_facility() =>
        Assert.Equal(small.Written.Count, small.Written.Select(w => (w.Dossier.FacilityCode, w.Dossier.MaLk)).Distinct().Count());

    private static decimal Number(DossierRow row, string field) => decimal.Parse(row[field]!, NumberStyles.Number, CultureInfo.InvariantCulture);
}
