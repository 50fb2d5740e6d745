using System.Buffers.Binary;
using System.IO.Compression;

namespace Mach.Testing;

/// <summary>A picture as points of red, green and blue, and how far two of them are from each other.</summary>
/// <param name="Points">Three bytes a point, row by row.</param>
public sealed record Png(int Width, int Height, byte[] Points)
{
    private const int Colours = 3;

    /// <summary>Reads a PNG of red, green and blue in 8 bits each, with or without a share of what lies behind, not interlaced.</summary>
    /// <remarks>Source: https://www.w3.org/TR/png-3/ §9, §11.</remarks>
    public static Png Read(byte[] png)
    {
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal(8, png[24]);
        Assert.Contains(png[25], new byte[] { 2, 6 });
        var bytes = png[25] == 6 ? 4 : 3;
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
        var line = width * bytes;
        var points = new byte[line * height];
        for (var y = 0; y < height; y++)
        {
            var filter = rows.ReadByte();
            rows.ReadExactly(points, y * line, line);
            for (var x = 0; x < line; x++)
            {
                int left = x < bytes ? 0 : points[(y * line) + x - bytes], up = y == 0 ? 0 : points[((y - 1) * line) + x], corner = x < bytes || y == 0 ? 0 : points[((y - 1) * line) + x - bytes];
                points[(y * line) + x] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 });
            }
        }

        return new(width, height, bytes == Colours ? points : [.. Enumerable.Range(0, width * height).SelectMany(i => points[(i * bytes)..((i * bytes) + Colours)])]);
    }

    /// <summary>Which share of the points differs by more than a step in one colour; 1 where the sizes differ.</summary>
    public double Difference(Png other, int step)
    {
        if ((Width, Height) != (other.Width, other.Height))
        {
            return 1;
        }

        var differing = 0;
        for (var i = 0; i < Points.Length; i += Colours)
        {
            differing += Math.Abs(Points[i] - other.Points[i]) > step || Math.Abs(Points[i + 1] - other.Points[i + 1]) > step || Math.Abs(Points[i + 2] - other.Points[i + 2]) > step ? 1 : 0;
        }

        return (double)differing / (Width * Height);
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
