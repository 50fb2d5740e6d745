using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Kernel;

namespace Mach.Chart.Tests;

public sealed class ProblemTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);

    private static Diagnosis Made(string code, string day) => new() { Id = code + day, Code = code, Text = code, Visit = "v" + day, Date = Date(day) };

    private static PartialDate Date(string day) => PartialDate.TryParseFhir(day, out var date) ? date : throw new FormatException(day);

    private static bool IsProblem(string code, params ReadOnlySpan<string> days)
    {
        var diagnoses = new List<Diagnosis>();
        foreach (var day in days)
        {
            diagnoses.Add(Made(code, day));
        }

        return ProblemList.From(diagnoses, Today).Lasting.Count == 1;
    }

    [Theory]
    [InlineData("J06.9")]
    [InlineData("A09")]
    [InlineData("S52.5")]
    [InlineData("R50.9")]
    [InlineData("Z00.0")]
    public void What_heals_is_no_problem_however_often_it_comes_back(string code) =>
        Assert.False(IsProblem(code, "2024-01-05", "2024-09-05", "2025-03-05", "2026-05-05"));

    [Theory]
    [InlineData("E11.9")]
    [InlineData("I10")]
    [InlineData("B24")]
    [InlineData("Z21")]
    [InlineData("N18.5")]
    [InlineData("C50.9")]
    [InlineData("Z95.1")]
    public void What_lasts_is_a_problem_from_the_first_time(string code) => Assert.True(IsProblem(code, "2021-05-05"));

    [Fact]
    public void A_pregnancy_is_a_problem_while_it_may_still_run()
    {
        Assert.True(IsProblem("Z34.9", "2026-02-01"));
        Assert.True(IsProblem("O14.0", "2026-05-20"));
        Assert.False(IsProblem("O80", "2024-02-01", "2022-02-01"));
    }

    [Fact]
    public void What_is_not_listed_is_a_problem_when_it_comes_back_after_sixty_days()
    {
        Assert.False(IsProblem("K29.5", "2025-01-01"));
        Assert.False(IsProblem("K29.5", "2025-01-01", "2025-02-01"));
        Assert.True(IsProblem("K29.5", "2025-01-01", "2025-03-05"));
    }

    [Fact]
    public void Every_known_category_has_a_course_and_odd_codes_have_one_too()
    {
        Assert.Equal(Course.Recurring, IcdCourse.Of(null).Course);
        Assert.Equal(Course.Recurring, IcdCourse.Of("?").Course);
        Assert.Equal(Course.Lasting, IcdCourse.Of("e11.9").Course);
        Assert.Equal((Course.Episode, 300), IcdCourse.Of("Z35"));
        Assert.Equal(Course.Acute, IcdCourse.Of("Z38.0").Course);
    }

    private static MedicineEvent Medicine(string name, string? strength, bool dispense, string day, string source, string? dose = null) => new()
    {
        Name = strength is null ? name : name + " " + strength,
        BareName = name,
        Code = "40.154",
        Dose = dose,
        Quantity = "30 Viên",
        Date = Date(day),
        Source = source,
        Visit = "v" + day,
        IsDispense = dispense,
    };

    [Fact]
    public void A_prescription_and_its_dispensing_are_one_line_with_strength_dose_and_the_day_it_was_given()
    {
        var joined = MedicinePairs.Join([Medicine("Amoxicilin", "500mg", false, "2026-05-01", "row1", "1 viên/lần")], [Medicine("Amoxicilin", null, true, "2026-05-02", "row1")]);
        var one = Assert.Single(joined);
        Assert.Equal(("Amoxicilin 500mg", "1 viên/lần", true), (one.Name, one.Dose, one.IsDispense));
        Assert.Equal("2026-05-02", one.Date?.ToString());
        Assert.Single(MedicineList.From(joined, Today).Current);
    }

    [Fact]
    public void Two_strengths_of_one_medicine_stay_two_lines()
    {
        var joined = MedicinePairs.Join(
            [Medicine("Amlodipin", "5mg", false, "2026-05-01", "row1"), Medicine("Amlodipin", "10mg", false, "2026-05-01", "row2")],
            [Medicine("Amlodipin", null, true, "2026-05-01", "row2"), Medicine("Amlodipin", null, true, "2026-05-01", "row1")]);
        Assert.Equal(["Amlodipin 10mg", "Amlodipin 5mg"], MedicineList.From(joined, Today).Current.Select(m => m.Latest.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_dispensing_whose_prescription_is_not_among_those_read_joins_the_same_medicine()
    {
        var joined = MedicinePairs.Join([Medicine("Amoxicilin", "500mg", false, "2026-05-01", "row1")], [Medicine("Amoxicilin", null, true, "2026-03-02", "row9")]);
        var one = Assert.Single(MedicineList.From(joined, Today).Current);
        Assert.Equal(2, one.Times);
    }
}
