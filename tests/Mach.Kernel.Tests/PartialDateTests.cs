using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Mach.Kernel.Tests;

public sealed class PartialDateTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    // QĐ 130/QĐ-BYT 2023: unknown month, day and time of a birth date are written as zeros.
    [Theory]
    [InlineData("195500000000", "1955")]
    [InlineData("195503000000", "1955-03")]
    [InlineData("195503070000", "1955-03-07")]
    [InlineData("202507010830", "2025-07-01T08:30:00+07:00")]
    [InlineData("202507010030", "2025-07-01T00:30:00+07:00")]
    [InlineData("20250701083015", "2025-07-01T08:30:15+07:00")]
    [InlineData("20240229", "2024-02-29")]
    [InlineData(" 20240229 ", "2024-02-29")]
    public void Digits_are_read(string text, string fhir)
    {
        Assert.True(PartialDate.TryParseDigits(text, out var date));
        Assert.Equal(fhir, date.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("20230229")]
    [InlineData("20251301")]
    [InlineData("00000000")]
    [InlineData("20250001")]
    [InlineData("202507012460")]
    [InlineData("202507012400")]
    [InlineData("195500001030")]
    [InlineData("2025-07-01")]
    [InlineData("2025070")]
    [InlineData("20250701١٢")]
    public void What_is_no_date_is_refused(string text) => Assert.False(PartialDate.TryParseDigits(text, out _));

    [Theory]
    [InlineData("1955", "1955")]
    [InlineData(" 1955 ", "1955")]
    [InlineData("195503000000", "1955-03")]
    [InlineData("19550307", "1955-03-07")]
    [InlineData("0000", null)]
    [InlineData("195", null)]
    [InlineData("195503", null)]
    [InlineData("19x5", null)]
    [InlineData("", null)]
    public void A_year_of_birth_may_stand_alone(string text, string? fhir) =>
        Assert.Equal(fhir, PartialDate.TryParseBirthDigits(text, out var date) ? date.ToString() : null);

    [Theory]
    [InlineData("1955", "1955-01-01T00:00:00+07:00", "1956-01-01T00:00:00+07:00")]
    [InlineData("1955-12", "1955-12-01T00:00:00+07:00", "1956-01-01T00:00:00+07:00")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00+07:00", "2024-03-01T00:00:00+07:00")]
    [InlineData("2025-07-01T08:30:15+07:00", "2025-07-01T08:30:15+07:00", "2025-07-01T08:30:16+07:00")]
    [InlineData("2025-07-01T08:30+07:00", "2025-07-01T08:30:00+07:00", "2025-07-01T08:31:00+07:00")]
    [InlineData("2025-12-31T23:59:59+07:00", "2025-12-31T23:59:59+07:00", "2026-01-01T00:00:00+07:00")]
    public void A_date_covers_from_its_first_instant_to_the_next(string text, string low, string high)
    {
        Assert.True(PartialDate.TryParseFhir(text, out var date));
        Assert.Equal(DateTimeOffset.Parse(low, CultureInfo.InvariantCulture), date.Low);
        Assert.Equal(DateTimeOffset.Parse(high, CultureInfo.InvariantCulture), date.High);
        Assert.Equal(TimeSpan.Zero, date.Low.Offset);
    }

    [Theory]
    [InlineData("2025-07-01T01:30:00Z", "2025-07-01T08:30:00+07:00")]
    [InlineData("2025-07-01T20:30:00.123Z", "2025-07-02T03:30:00+07:00")]
    [InlineData("2025-01-01T00:30:00+09:00", "2024-12-31T22:30:00+07:00")]
    [InlineData("2025-01-01T00:00:00+07:00", "2025-01-01T00:00:00+07:00")]
    public void A_time_elsewhere_is_turned_into_vietnams(string text, string expected)
    {
        Assert.True(PartialDate.TryParseFhir(text, out var date));
        Assert.Equal(expected, date.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("55")]
    [InlineData("2025-00")]
    [InlineData("2025-02-30")]
    [InlineData("2025-07T10:00:00Z")]
    [InlineData("2025-07-01T25:00:00Z")]
    [InlineData("2025-07-01T10:00:00+7")]
    [InlineData("2025/07/01")]
    [InlineData("0000")]
    [InlineData("-001")]
    public void What_is_no_FHIR_date_is_refused(string text) => Assert.False(PartialDate.TryParseFhir(text, out _));

    [Theory]
    [InlineData("120765", "1965-07-12")]
    [InlineData("12/7/65", "1965-07-12")]
    [InlineData("12-07-1965", "1965-07-12")]
    [InlineData("12.7.1965", "1965-07-12")]
    [InlineData("7/1965", "1965-07")]
    [InlineData("1965", "1965")]
    [InlineData("19650712", "1965-07-12")]
    [InlineData("12071965", "1965-07-12")]
    [InlineData("20121965", "1965-12-20")]
    [InlineData("1965-07-12", "1965-07-12")]
    [InlineData("22/11/26", "2026-11-22")]
    [InlineData("23/11/26", "1926-11-23")]
    [InlineData("29/02/23", null)] // neither 1923 nor 2023 nor any year 23 before has the day
    [InlineData("29/02/00", "2000-02-29")]
    [InlineData("32/1/1990", null)]
    [InlineData("0/1/1990", null)]
    [InlineData("1234", null)]
    [InlineData("Lan", null)]
    [InlineData("", null)]
    [InlineData("1/2/3/4", null)]
    public void What_a_person_types_is_read(string text, string? expected)
    {
        var read = PartialDate.TryParseTyped(text, Today, out var date);
        Assert.Equal(expected is not null, read);
        Assert.Equal(expected ?? default(PartialDate).ToString(), date.ToString());
    }

    [Fact]
    public void The_edges_of_the_calendar_do_not_overflow()
    {
        Assert.Equal(DateTimeOffset.MinValue, new PartialDate(1).Low);
        Assert.Equal(DateTimeOffset.MaxValue, new PartialDate(9999).High);
        Assert.Equal(DateTimeOffset.MaxValue, new PartialDate(9999, 12, 31, 23, 59, 59).High);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartialDate(2023, 2, 29));
    }

    [Fact]
    public void A_date_written_is_read_again() => Prop.ForAll((DateTime when) =>
    {
        var date = new PartialDate(when.Year, when.Month, when.Day, when.Hour, when.Minute, when.Second);
        return PartialDate.TryParseFhir(date.ToString(), out var again) && again == date;
    }).QuickCheckThrowOnFailure();
}
