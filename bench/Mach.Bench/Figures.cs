using System.Globalization;

namespace Mach.Bench;

/// <summary>The rows of the table that a run prints.</summary>
internal static class Figures
{
    public static void Header()
    {
        Console.WriteLine("| what | engine | figure | target |");
        Console.WriteLine("|---|---|---|---|");
    }

    public static void Row(string what, string engine, FormattableString figure, string target = "") =>
        Console.WriteLine($"| {what} | {engine} | {figure.ToString(CultureInfo.InvariantCulture)} | {target} |");

    /// <summary>Value below which the share of the sorted values lies.</summary>
    public static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)Math.Ceiling(share * values.Count) - 1)];
    }
}
