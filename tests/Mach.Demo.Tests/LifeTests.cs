using System.Globalization;
using Mach.Demo.Life;

namespace Mach.Demo.Tests;

/// <summary>Lives make sense: nobody is seen before birth or after death, nobody is in two places, births fit pregnancies.</summary>
[Collection(SmallProvince.Collection)]
public sealed class LifeTests(SmallProvince small)
{
    [Fact]
    public void Nobody_is_seen_before_birth_or_after_death() => Assert.All(small.Visits, w =>
    {
        var person = w.Visit.Person;
        Assert.True(DateOnly.FromDateTime(w.Visit.Start) >= person.Birth, w.Dossier.MaLk);
        Assert.True(person.Death is null || DateOnly.FromDateTime(w.Visit.End) <= person.Death, w.Dossier.MaLk);
        Assert.True(w.Visit.End < SmallProvince.Today.ToDateTime(TimeOnly.MinValue), w.Dossier.MaLk);
    });

    [Fact]
    public void Some_people_die_in_hospital_and_that_is_their_last_visit()
    {
        var deaths = small.Visits.Where(w => w.Dossier.Summary["KET_QUA_DTRI"] is "5" or "6").ToList();
        Assert.NotEmpty(deaths);
        Assert.All(deaths, d => Assert.Equal(d.Visit.Ordinal, small.Visits.Where(w => w.Visit.Person == d.Visit.Person).Max(w => w.Visit.Ordinal)));
    }

    [Fact]
    public void Nobody_is_in_two_places_at_once()
    {
        foreach (var life in small.Visits.GroupBy(w => w.Visit.Person.Index))
        {
            var visits = life.Select(w => w.Visit).OrderBy(v => v.Start).ToList();
            for (var i = 1; i < visits.Count; i++)
            {
                Assert.True(visits[i].Start > visits[i - 1].End, $"{visits[i].Person.Index} on {visits[i].Start:yyyy-MM-dd}");
            }
        }
    }

    [Fact]
    public void Every_birth_has_a_certificate_a_newborn_and_a_woman_who_can_be_its_mother()
    {
        var births = small.Visits.Where(w => w.Visit.Extra is BirthOf).ToList();
        Assert.True(births.Count > 50);
        Assert.All(births, w =>
        {
            var birth = (BirthOf)w.Visit.Extra!;
            var row = Assert.Single(w.Dossier["XML9"]!.Rows);
            Assert.Equal(w.Visit.Person.Name, row["HO_TEN_NND"]);
            Assert.InRange(w.Visit.Person.AgeOn(birth.Child.Birth), 17, 46);
            var newborn = small.Visits.Single(o => o.Visit.Person == birth.Child && o.Visit.Main == "Z38.0");
            Assert.StartsWith("CON BÀ ", newborn.Dossier.Summary["HO_TEN"], StringComparison.Ordinal);
            Assert.Equal(w.Visit.Facility, newborn.Visit.Facility);
            Assert.Equal(row["MA_THE_TAM"], newborn.Dossier.Summary["MA_THE_BHYT"]);
            Assert.Equal(Convert.ToDecimal(row["CAN_NANG_CON"], CultureInfo.InvariantCulture), 1000 * Convert.ToDecimal(newborn.Dossier.Summary["CAN_NANG"], CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public void Nobody_is_with_child_who_does_not_give_birth_or_is_not_due_yet() => Assert.All(
        small.Visits.Where(w => w.Visit.Extra is PregnancyWeek),
        w => Assert.Contains(w.Visit.Person.Household.Members, m => m.Mother == w.Visit.Person
            && (m.Birth.DayNumber - DateOnly.FromDateTime(w.Visit.Start).DayNumber) is > -8 and < 300));

    /// <summary>CCCD structure: vietnam-formats §4.3.</summary>
    [Fact]
    public void Identity_numbers_have_the_right_structure_and_belong_to_one_person()
    {
        var people = small.Visits.Select(w => w.Visit.Person).Distinct().ToList();
        Assert.Equal(people.Count, people.Select(p => p.Cccd).Distinct().Count());
        Assert.Equal(people.Count, people.Select(p => p.InsuranceNumber).Distinct().Count());
        Assert.All(people, p =>
        {
            Assert.Matches("^(025|026|017)[0-3][0-9]{2}9[0-9]{5}$", p.Cccd);
            Assert.Equal(p.Sex == 2, (p.Cccd[3] - '0') % 2 == 1);
            Assert.Equal(p.Birth.Year >= 2000, p.Cccd[3] >= '2');
        });
    }

    [Fact]
    public void Identity_numbers_stay_unique_in_the_whole_province()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var places = new Catalogue.Places(494);
        var people = 0;
        foreach (var household in new People.Population(2026, 1_300_000, SmallProvince.Today, places).Households())
        {
            foreach (var person in household.Members)
            {
                people++;
                Assert.True(seen.Add(person.Cccd), person.Cccd);
            }
        }

        Assert.InRange(people, 1_300_000, 1_300_010);
    }

    [Fact]
    public void Sent_up_means_a_paper_here_and_a_sender_there()
    {
        Assert.All(small.Visits.Where(w => w.Dossier.Summary["MA_LOAI_RV"] == "2"), w => Assert.NotNull(w.Dossier["XML13"]));
        var referred = small.Visits.Where(w => w.Visit.SentBy is not null).ToList();
        Assert.True(referred.Count > 100);
        Assert.All(referred, w => Assert.Equal(w.Visit.SentBy!.Facility.Code, w.Dossier.Summary["MA_NOI_DI"]));
    }

    [Fact]
    public void Every_table_that_the_life_of_a_province_needs_occurs()
    {
        var tables = small.Written.SelectMany(w => w.Dossier.Tables).Select(t => t.Name).ToHashSet();
        Assert.Subset(tables, new HashSet<string> { "XML0", "XML1", "XML2", "XML3", "XML4", "XML5", "XML6", "XML7", "XML8", "XML9", "XML10", "XML11", "XML13", "XML14", "XML15" });
    }

    [Fact]
    public void Old_addresses_name_a_district_and_new_ones_do_not() => Assert.All(small.Visits.Where(w => w.Defect is null), w =>
        Assert.Equal(DateOnly.FromDateTime(w.Visit.Start) < new DateOnly(2025, 7, 1), w.Dossier.Summary["MAHUYEN_CU_TRU"]!.Length == 3));

    [Fact]
    public void Dengue_comes_in_autumn_and_most_of_all_in_2023()
    {
        var dengue = small.Visits.Where(w => w.Visit.Main.StartsWith("A97", StringComparison.Ordinal)).Select(w => w.Visit.Start).ToList();
        Assert.True(dengue.Count > 20);
        Assert.True(dengue.Count(d => d.Month is >= 8 and <= 12) > dengue.Count * 0.9);
        Assert.Equal(2023, dengue.GroupBy(d => d.Year).MaxBy(g => g.Count())!.Key);
    }
}
