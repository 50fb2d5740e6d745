using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Mach.Kernel.Tests;

public sealed class TypedDateTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Theory]
    [InlineData("120765", "1965-07-12")]
    [InlineData("12071965", "1965-07-12")]
    [InlineData("12/7/65", "1965-07-12")]
    [InlineData("12-7-1965", "1965-07-12")]
    [InlineData(" 12 . 07 . 1965 ", "1965-07-12")]
    [InlineData("12\u00A07\u00A01965", "1965-07-12")]
    [InlineData("1965-07-12", "1965-07-12")]
    [InlineData("1965/7/12", "1965-07-12")]
    [InlineData("19650712", "1965-07-12")]
    [InlineData("7/1965", "1965-07")]
    [InlineData("07/65", "1965-07")]
    [InlineData("071965", "1965-07")]
    [InlineData("1965-07", "1965-07")]
    [InlineData("1965", "1965")]
    [InlineData("hôm nay", "2026-11-22")]
    [InlineData("Hom Nay", "2026-11-22")]
    [InlineData("today", "2026-11-22")]
    [InlineData("hôm qua", "2026-11-21")]
    [InlineData("yesterday", "2026-11-21")]
    // The newest year that is not in the future.
    [InlineData("221126", "2026-11-22")]
    [InlineData("231126", "1926-11-23")]
    [InlineData("11/26", "2026-11")]
    [InlineData("12/26", "1926-12")]
    [InlineData("1/1/20", "2020-01-01")]
    [InlineData("29/2/00", "2000-02-29")]
    [InlineData("31/12/2027", "2027-12-31")]
    public void What_a_person_types_is_understood(string text, string expected)
    {
        var typed = TypedDate.Read(text, Today);
        Assert.Equal((expected, TypedDateProblem.None), (typed.Date?.ToString(), typed.Problem));
    }

    [Theory]
    [InlineData("", TypedDateProblem.Empty)]
    [InlineData("   ", TypedDateProblem.Empty)]
    [InlineData("31/2/1965", TypedDateProblem.NoSuchDay)]
    [InlineData("31/4/65", TypedDateProblem.NoSuchDay)]
    [InlineData("29/2/2023", TypedDateProblem.NoSuchDay)]
    [InlineData("29/2/23", TypedDateProblem.NoSuchDay)]
    [InlineData("310265", TypedDateProblem.NoSuchDay)]
    [InlineData("31021965", TypedDateProblem.NoSuchDay)]
    [InlineData("32/1/1990", TypedDateProblem.NoSuchDay)]
    [InlineData("0/1/1990", TypedDateProblem.NoSuchDay)]
    [InlineData("12/13/1965", TypedDateProblem.NoSuchMonth)]
    [InlineData("13/1965", TypedDateProblem.NoSuchMonth)]
    [InlineData("0/1965", TypedDateProblem.NoSuchMonth)]
    [InlineData("121365", TypedDateProblem.NoSuchMonth)]
    [InlineData("19651301", TypedDateProblem.NoSuchMonth)]
    [InlineData("1234", TypedDateProblem.TooEarly)]
    [InlineData("1/1/1849", TypedDateProblem.TooEarly)]
    [InlineData("1/1/2028", TypedDateProblem.TooLate)]
    [InlineData("2028", TypedDateProblem.TooLate)]
    [InlineData("65", TypedDateProblem.NotUnderstood)]
    [InlineData("12765", TypedDateProblem.NotUnderstood)]
    [InlineData("1/2/3/4", TypedDateProblem.NotUnderstood)]
    [InlineData("1/2/196", TypedDateProblem.NotUnderstood)]
    [InlineData("012/7/1965", TypedDateProblem.NotUnderstood)]
    [InlineData("Lan", TypedDateProblem.NotUnderstood)]
    [InlineData("//", TypedDateProblem.NotUnderstood)]
    [InlineData("١٢/٧/١٩٦٥", TypedDateProblem.NotUnderstood)]
    public void What_is_no_date_says_why(string text, TypedDateProblem problem) => Assert.Equal(new TypedDate(null, problem), TypedDate.Read(text, Today));

    [Theory]
    [InlineData("23/11/2026", true)]
    [InlineData("22/11/2026", false)]
    [InlineData("12/2026", true)]
    [InlineData("11/2026", false)]
    [InlineData("2027", true)]
    [InlineData("2026", false)]
    [InlineData("Lan", false)]
    public void What_is_still_to_come_is_told(string text, bool expected) => Assert.Equal(expected, TypedDate.Read(text, Today).IsAfter(Today));

    [Theory]
    [InlineData("dd/MM/yyyy"), InlineData("d/M/yyyy"), InlineData("dd-MM-yyyy"), InlineData("d.M.yyyy"), InlineData("d M yyyy"), InlineData("ddMMyyyy"), InlineData("yyyyMMdd"), InlineData("yyyy-MM-dd")]
    public void Every_day_written_whole_is_that_day(string form)
    {
        for (var day = new DateOnly(1850, 1, 1); day <= Today; day = day.AddDays(1))
        {
            Assert.Equal(new PartialDate(day.Year, day.Month, day.Day), TypedDate.Read(day.ToString(form, CultureInfo.InvariantCulture), Today).Date);
        }
    }

    [Theory]
    [InlineData("d/M/yy"), InlineData("ddMMyy")]
    public void A_year_of_two_digits_is_the_newest_that_has_come(string form)
    {
        for (var day = new DateOnly(1927, 1, 1); day <= Today; day = day.AddDays(1))
        {
            var read = TypedDate.Read(day.ToString(form, CultureInfo.InvariantCulture), Today).Date!.Value;
            Assert.True(read.Date <= Today);
            Assert.Equal((day.Day, day.Month, day.Year % 100), (read.Day, read.Month, read.Year % 100));
            Assert.True(read.Year + 100 > Today.Year || read.Date!.Value.AddYears(100) > Today);
        }
    }

    [Fact]
    public void Whatever_is_typed_is_a_date_or_has_a_reason() => Prop.ForAll((string? text, DateTime now) =>
    {
        var typed = TypedDate.Read(text, DateOnly.FromDateTime(now));
        return typed.Date is null == typed.Problem is not TypedDateProblem.None && typed.Date is not { Year: < 1850 };
    }).QuickCheckThrowOnFailure();
}
