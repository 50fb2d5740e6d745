using System.Security.Cryptography;
using System.Text;
using Mach.Store.Codec;
using Mach.Store.Writing;

namespace Mach.Store.Tests.Codec;

public class CodecTests
{
    public static TheoryData<short> Codecs => BodyCodec.CanRead(BodyCodec.Zstd1) ? [BodyCodec.Plain, BodyCodec.Deflate1, BodyCodec.Zstd1] : [BodyCodec.Plain, BodyCodec.Deflate1];

    // SHA-256 of a released dictionary: whoever changes one byte of it makes every stored body unreadable.
    [Fact]
    public void Dictionary_1_is_as_released()
    {
        using var stream = typeof(BodyCodec).Assembly.GetManifestResourceStream("Mach.Store.Codec.dictionary-1.txt")!;
        Assert.Equal("09847ffa87d1ef92017454d23cd6a8a34fb70ad329be94f78bff2df66c1afc11", Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    [Theory, MemberData(nameof(Codecs))]
    public void What_is_packed_comes_back(short codec)
    {
        var random = new Random(7);
        foreach (var length in new[] { 0, 1, 2, 100, 1120, 70_000, 1_000_000 })
        {
            var noise = new byte[length];
            random.NextBytes(noise);
            byte[][] bodies = [noise, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Đường huyết ", length / 12)))];
            foreach (var body in bodies)
            {
                var (used, packed) = BodyCodec.Encode(body, codec);
                Assert.True(packed.Length <= body.Length);
                Assert.Equal(body, BodyCodec.Decode(used, packed));
            }
        }
    }

    [Fact]
    public void A_typical_resource_shrinks_to_a_third()
    {
        var body = Sample.Observation("k3m9x2p7q4w8t5bn-xn-7", "0193a5b2-7c41-7d3e-9a10-5f2b6c8d1e20", encounter: "k3m9x2p7q4w8t5bn").Body.Span;
        Assert.InRange(BodyCodec.Encode(body, BodyCodec.Deflate1).Bytes.Length, 1, body.Length / 3);
        Assert.InRange(BodyCodec.Encode(body).Bytes.Length, 1, body.Length / 3);
    }

    [Theory, MemberData(nameof(Codecs))]
    public void Damaged_bytes_give_a_clear_error_or_other_bytes_never_a_crash(short codec)
    {
        var body = Sample.Observation("o1", "p1").Body.ToArray();
        var (used, packed) = BodyCodec.Encode(body, codec);
        for (var i = 0; i < packed.Length; i++)
        {
            var damaged = (byte[])packed.Clone();
            damaged[i] ^= 0x10;
            try
            {
                Assert.False(BodyCodec.Decode(used, damaged).AsSpan().SequenceEqual(body) && codec == BodyCodec.Plain);
            }
            catch (InvalidDataException)
            {
                // The clear error.
            }
        }
    }

    [Fact]
    public void A_key_manifest_comes_back_and_a_damaged_one_is_refused_or_differs()
    {
        var keys = new HeadKeys(
            [long.MinValue, -1, 0, 5, long.MaxValue], [(1, 1), (1, 300), (long.MaxValue, short.MaxValue)], [(1, "nguyen thi huong"), (2, ""), (short.MaxValue, "đ")],
            [(1, long.MinValue, long.MaxValue), (2, -5, 5)], [(7, -0.5), (8, double.MaxValue)]);
        var manifest = keys.Encode();
        Assert.Equal(manifest, HeadKeys.Decode(manifest).Encode());
        Assert.Equal(keys.Count, HeadKeys.Decode(manifest).Count);
        Assert.Equal(0, HeadKeys.Decode(null).Count);
        for (var i = 0; i < manifest.Length; i++)
        {
            Assert.Throws<InvalidDataException>(() => HeadKeys.Decode(manifest[..i]));
        }
    }
}
