using System.Net;
using Mach.Data;

namespace Mach.Chart.Tests;

public sealed class ShowcaseTests
{
    [Fact]
    public async Task Whoever_is_signed_in_sees_every_component_and_nobody_else()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        Assert.Equal(HttpStatusCode.Redirect, (await (await host.BrowserAsync(null)).GetAsync("/ui")).Status);
        var page = await (await host.BrowserAsync("nurse")).GetAsync("/ui?toast=true&dialog=true");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var part in new[] { "class=\"skeleton rows\"", "<dialog class=\"dialog", "data-toast=\"stays\"", "class=\"badge fresh good\"", "class=\"origin\"", "class=\"spark\"", "class=\"tile bad\"", "class=\"pager\"", "class=\"tabs\"", "class=\"empty\"", "<progress", "aria-invalid=\"true\"" })
        {
            Assert.Contains(part, page.Html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("120765", "true", "= 12/07/1965 · 61 tuổi")]
    [InlineData("120765", null, "= 12/07/1965")]
    [InlineData("7/1965", null, "= 07/1965 (chỉ biết tháng)")]
    [InlineData("1965", "true", "= 1965 (chỉ biết năm) · khoảng 61 tuổi")]
    [InlineData("31/2/1965", null, "Tháng này không có ngày ấy.")]
    [InlineData("12/13/1965", null, "Không có tháng này")]
    [InlineData("1/1/2027", "true", "Ngày này chưa tới.")]
    [InlineData("Lan", null, "Không đọc được")]
    [InlineData("", "true", null)]
    public async Task A_date_field_says_how_it_was_understood(string typed, string? birth, string? said)
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var answer = await (await host.BrowserAsync(null)).FragmentAsync($"/date?field=born&born={Uri.EscapeDataString(typed)}{(birth is null ? "" : "&birthdate=" + birth)}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        if (said is null)
        {
            Assert.Equal("", answer.Html.Trim());
        }
        else
        {
            Assert.Contains(said, answer.Html, StringComparison.Ordinal);
        }
    }
}
