using Mach.Vietnam.Payments;

namespace Mach.Vietnam.Tests;

public sealed class VietQrTests
{
    // Vectors published with the format.
    [Theory]
    [InlineData("123456789", 0x29B1)]
    [InlineData("00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304", 0xF4E5)]
    [InlineData("00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN6304", 0x4F52)]
    [InlineData("00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang6304", 0x2E2E)]
    public void The_checksum_is_that_of_the_published_vectors(string text, int sum) => Assert.Equal(sum, VietQr.Checksum(text));

    [Fact]
    public void Published_codes_are_written()
    {
        Assert.Equal("00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52", new VietQr { Bank = "970403", Account = "9704031101234567", IsCard = true }.Write());
        Assert.Equal(
            "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E",
            new VietQr { Bank = "970403", Account = "0011012345678", Amount = 180000, Bill = "NPS6869", Purpose = "thanh toan don hang" }.Write());
    }

    [Fact]
    public void A_code_written_is_read_again()
    {
        var qr = new VietQr { Bank = "970403", Account = "0011012345678", Amount = 1, Bill = "A1", Purpose = "x" };
        Assert.True(VietQr.TryParse(qr.Write(), out var again));
        Assert.Equal(qr, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63040000")]
    public void A_broken_code_is_told(string? text) => Assert.False(VietQr.TryParse(text, out _));
}
