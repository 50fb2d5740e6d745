using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using Mach.Testing;

namespace Mach.Chart.Tests.Print;

/// <summary>Pages of a PDF as pictures, compared with those that somebody has looked at. UPDATE_GOLDEN=1 accepts what came out.</summary>
internal static class GoldenPages
{
    private const int DotsPerInch = 60;

    /// <summary>Differences that no eye sees: of smoothing, where another version of Poppler draws.</summary>
    private const double AllowedShare = 0.004;
    private const int AllowedStep = 70;
    private const int Colours = 3;

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
            var (expected, actual) = (Read(Path.Combine(golden, $"{name}-{i + 1}.png")), Read(pages[i].FullName));
            Assert.Equal((expected.Width, expected.Points.Length), (actual.Width, actual.Points.Length));
            var other = expected.Points.Zip(actual.Points).Count(p => Math.Abs(p.First - p.Second) > AllowedStep);
            Assert.True(other <= expected.Points.Length * AllowedShare, $"{name}, page {i + 1}: {other} of {expected.Points.Length} points are other than in the golden page; what came out is {pages[i].FullName}");
        }

        folder.Delete(recursive: true);
    }

    /// <summary>A PNG of red, green and blue in 8 bits each, not interlaced. Source: https://www.w3.org/TR/png-3/ §9, §11.</summary>
    private static (int Width, byte[] Points) Read(string file)
    {
        var png = File.ReadAllBytes(file);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)) * Colours, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal([8, 2], png[24..26]);
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(png, at + 8, length);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        var points = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var filter = rows.ReadByte();
            rows.ReadExactly(points, y * width, width);
            for (var x = 0; x < width; x++)
            {
                int left = x < Colours ? 0 : points[(y * width) + x - Colours], up = y == 0 ? 0 : points[((y - 1) * width) + x], corner = x < Colours || y == 0 ? 0 : points[((y - 1) * width) + x - Colours];
                points[(y * width) + x] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 });
            }
        }

        return (width, points);
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
