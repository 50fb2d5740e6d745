using System.Diagnostics;
using Mach.Testing;

namespace Mach.Chart.Tests.Print;

/// <summary>Pages of a PDF as pictures, compared with those that somebody has looked at. UPDATE_GOLDEN=1 accepts what came out.</summary>
internal static class GoldenPages
{
    private const int DotsPerInch = 60;

    /// <summary>Differences that no eye sees: of smoothing, where another version of Poppler draws.</summary>
    private const double AllowedShare = 0.004;
    private const int AllowedStep = 70;

    public static void Verify(string name, byte[] pdf)
    {
        var folder = Directory.CreateTempSubdirectory("mach-pages-");
        var file = Path.Combine(folder.FullName, "paper.pdf");
        File.WriteAllBytes(file, pdf);
        using (var draw = Process.Start(new ProcessStartInfo("pdftoppm", ["-r", $"{DotsPerInch}", "-png", file, Path.Combine(folder.FullName, "page")])) ?? throw new InvalidOperationException("pdftoppm (poppler-utils) is not installed."))
        {
            draw.WaitForExit();
            Assert.Equal(0, draw.ExitCode);
        }

        var pages = folder.GetFiles("page-*.png").OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        var golden = Repository.File("tests", "Mach.Chart.Tests", "Golden");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(golden);
            Array.ForEach(Directory.GetFiles(golden, name + "-*.png"), File.Delete);
            pages.ForEach(p => p.CopyTo(Path.Combine(golden, $"{name}-{pages.IndexOf(p) + 1}.png"), overwrite: true));
        }

        Assert.Equal(pages.Count, Directory.GetFiles(golden, name + "-*.png").Length);
        for (var i = 0; i < pages.Count; i++)
        {
            var (expected, actual) = (Png.Read(File.ReadAllBytes(Path.Combine(golden, $"{name}-{i + 1}.png"))), Png.Read(File.ReadAllBytes(pages[i].FullName)));
            Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
            var other = expected.Difference(actual, AllowedStep);
            Assert.True(other <= AllowedShare, $"{name}, page {i + 1}: {other:P2} of the points are other than in the golden page; what came out is {pages[i].FullName}");
        }

        folder.Delete(recursive: true);
    }
}
