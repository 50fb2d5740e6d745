using System.Security.Cryptography;
using Mach.Store.Hashing;

namespace Mach.Store.Tests.Hashing;

public class HashingTests
{
    // Key 00 01 … 0f, message 00 01 … of the given length; the SipHash paper, appendix A (length 15), and the authors' vectors.h (the others).
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(8, unchecked((long)0x93f5f5799a932462))]
    [InlineData(15, unchecked((long)0xa129ca6149be45e5))]
    public void SipHash_gives_the_published_vectors(int length, long expected)
    {
        var bytes = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        Assert.Equal(unchecked((ulong)expected), new SipHash(bytes).Hash(bytes.AsSpan(0, length)));
    }

    // RFC 6962 §2.1: leaves are hashed by the caller; three leaves are ((a b) c).
    [Fact]
    public void The_root_splits_at_the_greatest_power_of_two()
    {
        var leaves = Enumerable.Range(0, 3).Select(i => SHA256.HashData([(byte)i])).ToArray();
        var left = SHA256.HashData([1, .. leaves[0], .. leaves[1]]);
        Assert.Equal(SHA256.HashData([1, .. left, .. leaves[2]]), Chain.Root(leaves));
        Assert.Equal(leaves[0], Chain.Root(leaves.AsSpan(0, 1)));
        Assert.Equal(SHA256.HashData([]), Chain.Root([]));
    }

    [Fact]
    public void Any_other_name_version_or_order_gives_another_root()
    {
        var sha = SHA256.HashData("x"u8);
        byte[][] leaves = [Chain.Leaf("Patient", "a", 1, 1, sha), Chain.Leaf("Patient", "a", 2, 1, sha), Chain.Leaf("Patient", "b", 1, 1, sha), Chain.Leaf("Patient", "a", 1, 2, sha)];
        Assert.Equal(4, leaves.Select(Convert.ToHexString).Distinct().Count());
        Assert.NotEqual(Chain.Root(leaves), Chain.Root([.. leaves.Reverse()]));
    }

    [Fact]
    public void A_secret_is_made_once_readable_by_its_owner_only_and_recognised()
    {
        var folder = Directory.CreateTempSubdirectory("mach-test-").FullName;
        var file = Path.Combine(folder, "deep", "secret");
        Assert.Throws<InvalidOperationException>(() => StoreSecret.Load(file, mayCreate: false));
        var secrets = Enumerable.Range(0, 8).AsParallel().Select(_ => StoreSecret.Load(file, mayCreate: true).CheckValue).ToList();
        Assert.All(secrets, s => Assert.Equal(secrets[0], s));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        File.WriteAllText(file, "short");
        Assert.Throws<InvalidOperationException>(() => StoreSecret.Load(file, mayCreate: true));
        Directory.Delete(folder, recursive: true);
    }
}
