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
    [InlineData("1965-07-12", "12/07/1965")]
    [InlineData("1965-07", "07/1965")]
    [InlineData("1965", "1965")]
    [InlineData("2025-07-01T08:30:00+07:00", "01/07/2025 08:30")]
    [InlineData("no date", "no date")]
    [InlineData(null, "")]
    public void Dates_show_day_first_and_only_what_is_known(string? fhir, string shown) => Assert.Equal(shown, Dates.ShowFhir(fhir, time: true));
}
