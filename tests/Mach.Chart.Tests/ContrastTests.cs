using System.Globalization;
using System.Text.RegularExpressions;
using Mach.Testing;

namespace Mach.Chart.Tests;

/// <summary>Every theme can be read: the colours of tokens.css against each other.</summary>
/// <remarks>Source: https://www.w3.org/TR/WCAG22/#contrast-minimum and #non-text-contrast.</remarks>
public sealed partial class ContrastTests
{
    private const double Text = 4.5, Edge = 3;

    [Theory]
    [InlineData(":root"), InlineData("[data-theme=\"dark\"]"), InlineData(":root:not([data-theme])"), InlineData("[data-theme=\"night\"]")]
    public void Every_theme_has_the_contrast_that_reading_needs(string theme)
    {
        var colours = ColoursOf(theme);
        Assert.Empty(Pairs().Where(p => Contrast(colours[p.Front], colours[p.Back]) < p.Least).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Front} on {p.Back}: {Contrast(colours[p.Front], colours[p.Back]):0.00}, {p.Least} are needed")));
    }

    [Fact]
    public void The_night_theme_gives_a_dark_ward_less_than_half_the_light_of_the_dark_one()
    {
        var (dark, night) = (ColoursOf("[data-theme=\"dark\"]"), ColoursOf("[data-theme=\"night\"]"));
        Assert.All(new[] { "bg", "surface", "ink" }, name => Assert.True(Luminance(night[name]) < Luminance(dark[name]) / 2, name));
        Assert.All(night.Values, colour => Assert.True(colour.Red >= colour.Blue));
    }

    [Fact]
    public void Black_on_white_has_the_greatest_contrast_there_is() => Assert.Equal(21, Contrast((0, 0, 0), (255, 255, 255)), 3);

    private static IEnumerable<(string Front, string Back, double Least)> Pairs()
    {
        foreach (var back in new[] { "bg", "surface", "surface-2" })
        {
            foreach (var front in new[] { "ink", "ink-2", "ink-3", "accent", "accent-strong" })
            {
                yield return (front, back, Text);
            }

            yield return ("edge", back, Edge);
            yield return ("focus", back, Edge);
        }

        foreach (var mark in new[] { "good", "warn", "bad", "info", "accent" })
        {
            yield return (mark == "accent" ? "accent-strong" : mark, mark + "-soft", Text);
            yield return (mark, "surface", Text);
            foreach (var front in new[] { "ink", "ink-2", "ink-3", "accent" })
            {
                yield return (front, mark + "-soft", Text);
            }
        }

        foreach (var (front, back) in new[] { ("ink", "surface-3"), ("ink-2", "surface-3"), ("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("ink", "mark"), ("pulse", "bg"), ("toast-ink", "toast"), ("toast-bad-ink", "toast-bad") })
        {
            yield return (front, back, Text);
        }
    }

    private static Dictionary<string, (int Red, int Green, int Blue)> ColoursOf(string theme)
    {
        var text = File.ReadAllText(Repository.File("src", "Mach.Ui", "Assets", "css", "tokens.css"));
        var start = text.IndexOf(theme + " {", StringComparison.Ordinal);
        Assert.True(start >= 0, theme);
        var block = text[start..text.IndexOf('}', start)];
        return Colour().Matches(block).ToDictionary(m => m.Groups[1].Value, m => (Hex(m.Groups[2].Value), Hex(m.Groups[3].Value), Hex(m.Groups[4].Value)), StringComparer.Ordinal);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static double Contrast((int, int, int) one, (int, int, int) other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance((int Red, int Green, int Blue) colour)
    {
        static double Linear(int value) => value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(colour.Red)) + (0.7152 * Linear(colour.Green)) + (0.0722 * Linear(colour.Blue));
    }

    [GeneratedRegex("--([\\w-]+):\\s*#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2});")]
    private static partial Regex Colour();
}
