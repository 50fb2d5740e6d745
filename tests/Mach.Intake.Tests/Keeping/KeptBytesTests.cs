using System.Text;
using Mach.Intake.Keeping;

namespace Mach.Intake.Tests.Keeping;

public sealed class KeptBytesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("<a>AAAA</a>")]
    [InlineData("<a>>>>")]
    public void Whatever_is_kept_comes_back(string text) => Assert.Equal(text, Encoding.UTF8.GetString(KeptBytes.Unpack(KeptBytes.Pack(Encoding.UTF8.GetBytes(text)))));

    [Fact]
    public void Random_bytes_and_odd_base64_come_back()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            var base64 = Convert.ToBase64String(bytes, random.Next(2) == 0 ? Base64FormattingOptions.None : Base64FormattingOptions.InsertLineBreaks);
            // The last character of an unpadded group may carry bits that decoding drops: then the run must stay as it is.
            var odd = base64.Length > 4 && random.Next(3) == 0 ? base64[..^1] + "B" : base64;
            var text = Encoding.UTF8.GetBytes($"<HOSO><NOIDUNGFILE>{odd}</NOIDUNGFILE>{Encoding.Latin1.GetString(bytes)}<x>{base64}");
            Assert.Equal(text, KeptBytes.Unpack(KeptBytes.Pack(text)));
        }
    }
}
