using System.Globalization;
using Mach.Kernel;
using Mach.Ui;

namespace Mach.Chart.Tests;

public sealed class DatesTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    [Theory]
    [InlineData("2026-11-20", "0 ngày tuổi")]
    [InlineData("2026-11-08", "12 ngày tuổi")]
    [InlineData("2026-09-21", "60 ngày tuổi")]
    [InlineData("2026-09-20", "2 tháng tuổi")]
    [InlineData("2023-11-21", "35 tháng tuổi")]
    [InlineData("2023-11-20", "3 tuổi")]
    [InlineData("2022-08-01", "4 tuổi 3 tháng")]
    [InlineData("2020-11-20", "6 tuổi")]
    [InlineData("1965-11-21", "60 tuổi")]
    [InlineData("1965-11-20", "61 tuổi")]
    [InlineData("1965", "khoảng 61 tuổi")]
    [InlineData("2027-01-01", "")]
    public void Age_is_said_as_clinicians_say_it(string birth, string age)
    {
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        Assert.True(PartialDate.TryParseFhir(birth, out var date));
        Assert.Equal(age, Dates.Age(date, Today));
    }

    [Theory]
    [InlineData("2026-11-20T08:00:00Z", "vừa xong")]
    [InlineData("2026-11-20T07:56:00Z", "4 phút trước")]
    [InlineData("2026-11-19T08:30:00Z", "23 giờ trước")]
    [InlineData("2026-11-19T07:00:00Z", "hôm qua")]
    [InlineData("2026-11-08T08:00:00Z", "12 ngày trước")]
    [InlineData("2026-09-20T08:00:00Z", "2 tháng trước")]
    [InlineData("2024-11-20T08:00:00Z", "2 năm trước")]
    [InlineData("2026-11-21T08:00:00Z", "21/11/2026 15:00")]
    public void The_age_of_a_fact_is_said_in_the_largest_measure_that_tells_it(string at, string said)
    {
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        Assert.Equal(said, Dates.Ago(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), new DateTimeOffset(2026, 11, 20, 8, 0, 30, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("1965-07-12", "12/07/1965")]
    [InlineData("1965-07", "07/1965")]
    [InlineData("1965", "1965")]
    [InlineData("2025-07-01T08:30:00+07:00", "01/07/2025 08:30")]
    [InlineData("no date", "no date")]
    [InlineData(null, "")]
    public void Dates_show_day_first_and_only_what_is_known(string? fhir, string shown) => Assert.Equal(shown, Dates.ShowFhir(fhir, time: true));
}
