namespace Mach.Registry.Tests;

/// <summary>Units and codes in the search over everything.</summary>
public sealed class FindingTests
{
    [Theory]
    [InlineData("hoa binh", "/units/xa-04795", "Phường Hoà Bình")]
    [InlineData("04795", "/units/xa-04795", "Phường Hoà Bình")]
    [InlineData("dai thao duong thai", "/catalogues/icd10/entry?code=O24", "Đái tháo đường trong khi có thai")]
    [InlineData("i10", "/catalogues/icd10/entry?code=I10", "huyết áp")]
    [InlineData("dtd", "/catalogues/icd10/entry?code=E11", "Bệnh đái tháo đường không phụ thuộc insuline")]
    public async Task Units_and_codes_are_found_without_tones_by_code_and_by_initials(string typed, string href, string name)
    {
        await using var host = await PageHost.StartAsync();
        var browser = await host.BrowserAsync("nurse");
        var answer = await browser.FragmentAsync("/search?q=" + Uri.EscapeDataString(typed));
        Assert.Contains($"href=\"{href}\"", answer.Html, StringComparison.Ordinal);
        Assert.Contains(name, answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("icd10", "dai thao duong trong khi co thai", "{\"code\":\"O24\"")]
    [InlineData("icd10", "e119", "{\"code\":\"E11.9\"")]
    [InlineData("drugs", "paracetamol", "{\"code\":\"")]
    [InlineData("icd10", "", "[]")]
    public async Task A_picker_is_answered_with_codes_and_names(string catalogue, string typed, string begins)
    {
        await using var host = await PageHost.StartAsync();
        var browser = await host.BrowserAsync("nurse");
        Assert.StartsWith(begins, (await browser.GetAsync($"/catalogues/{catalogue}/codes?q={Uri.EscapeDataString(typed)}")).Html.TrimStart(begins[0] == '[' ? ' ' : '['), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await browser.GetAsync("/catalogues/moon/codes?q=a")).Status);
    }

    [Fact]
    public async Task A_list_of_one_kind_is_shown_by_its_own_page()
    {
        await using var host = await PageHost.StartAsync();
        var browser = await host.BrowserAsync("nurse");
        Assert.Equal("/units?q=phuong%20hoa%20binh", (await browser.GetAsync("/search?q=phuong+hoa+binh")).Location);
        Assert.Equal("/catalogues/icd10?q=i10", (await browser.GetAsync("/search?q=i10")).Location);
        Assert.Contains("<h2>ICD-10</h2>", (await browser.GetAsync("/search?q=hoa")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_is_renamed_is_found_by_its_new_name()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        Assert.DoesNotContain("xa-04795", (await officer.FragmentAsync("/search?q=song+da+moi")).Html, StringComparison.Ordinal);
        await officer.PostAsync("/units/xa-04795", "/units/xa-04795", ("aspect", "name"), ("value", "Phường Sông Đà Mới"), ("from", "2026-11-01"), ("why", "NQ 99/2026"));
        Assert.Contains("xa-04795", (await officer.FragmentAsync("/search?q=song+da+moi")).Html, StringComparison.Ordinal);
    }
}
