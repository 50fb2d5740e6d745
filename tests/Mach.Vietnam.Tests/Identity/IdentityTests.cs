using System.Text;
using Mach.Vietnam.Identity;

namespace Mach.Vietnam.Tests.Identity;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("025065000001", 1, 1965)]
    [InlineData("026165000001", 2, 1965)]
    [InlineData("017201000001", 1, 2001)]
    [InlineData("025325000001", 2, 2025)]
    [InlineData(" 025400000001 ", 1, 2100)]
    public void A_citizen_number_tells_sex_and_year(string text, int sex, int year)
    {
        Assert.True(CitizenId.TryParse(text, out var id));
        Assert.Equal(sex, id.Sex);
        Assert.Equal(year, id.BirthYear);
        Assert.True(id.FitsSex(3));
        Assert.False(id.FitsSex(3 - sex));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("02506500000")]
    [InlineData("003065000001")] // no such province
    [InlineData("02506500000a")]
    public void What_is_no_citizen_number_is_told(string? text) => Assert.False(CitizenId.TryParse(text, out _));

    [Fact]
    public void There_are_63_provinces_of_birth() => Assert.Equal(63, BirthProvinces.All.Count);

    [Theory]
    [InlineData("DN4250123456789", "DN", 4, "25", "0123456789")]
    [InlineData(" te1250123456789 ", "TE", 1, "25", "0123456789")]
    [InlineData("0123456789", null, 0, null, "0123456789")]
    public void A_card_tells_its_parts(string text, string? group, int benefit, string? province, string number)
    {
        Assert.True(InsuranceCard.TryParse(text, out var card));
        Assert.Equal((group, benefit, province, number), (card.Group, card.Benefit, card.Province, card.Number));
    }

    [Theory]
    [InlineData("DN6250123456789")]
    [InlineData("D14250123456789")]
    [InlineData("DN425012345678")]
    [InlineData("DN425012345678X")]
    [InlineData("012345678")]
    [InlineData(null)]
    public void What_is_no_card_is_told(string? text) => Assert.False(InsuranceCard.TryParse(text, out _));

    [Fact]
    public void Several_cards_in_one_field_are_one_person() =>
        Assert.Equal(["0123456789", "0123456789"], InsuranceCard.ParseAll("DN4250123456789; HT2250123456789;;x").Select(c => c.Number));

    [Theory]
    [InlineData("0912345678", "0912345678")]
    [InlineData("+84 912-345-678", "0912345678")]
    [InlineData("84912345678", "0912345678")]
    [InlineData("0084.912.345.678", "0912345678")]
    [InlineData("912345678", "0912345678")]
    [InlineData("+84 (0) 912 345 678", "0912345678")]
    [InlineData("01681234567", "0381234567")]
    [InlineData("02103846123", "02103846123")]
    [InlineData("84123", null)]
    [InlineData("0112345678", null)]
    [InlineData("+1 202 555 0100", null)]
    [InlineData("không có", null)]
    [InlineData(null, null)]
    public void A_telephone_number_gets_one_form(string? text, string? expected) => Assert.Equal(expected, PhoneNumber.Normalise(text));

    [Fact]
    public void The_code_of_a_citizen_card_is_read()
    {
        Assert.True(CitizenCardQr.TryParse("025165000001|131234567|Nguyê\u0303n Thị Thử|12071965|Nữ|Khu 1, Xã Thử, Phú Thọ|01032022\r\n", out var card));
        Assert.Equal("025165000001", card.Id.Number);
        Assert.Equal("131234567", card.OldNumber);
        Assert.Equal("Nguyễn Thị Thử", card.Name);
        Assert.Equal("1965-07-12", card.BirthDate.ToString());
        Assert.Equal(2, card.Sex);
        Assert.Equal(new DateOnly(2022, 3, 1), card.Issued);
    }

    [Theory]
    [InlineData("025165000001||A|1965|Nữ|x|01032022||||", "1965")]
    [InlineData("025165000001||A|071965|Nữ|x|01032022", "1965-07")]
    public void A_birth_date_may_be_a_month_or_a_year(string text, string expected)
    {
        Assert.True(CitizenCardQr.TryParse(text, out var card));
        Assert.Equal(expected, card.BirthDate.ToString());
    }

    [Theory]
    [InlineData("x|y")]
    [InlineData("abc|1|A|1965|Nam|x|01032022")]
    [InlineData("")]
    public void Another_code_is_told(string text)
    {
        Assert.False(CitizenCardQr.TryParse(text, out _));
        Assert.False(InsuranceCardQr.TryParse(text, out _));
    }

    [Fact]
    public void The_code_of_a_paper_insurance_card_is_read()
    {
        string Hex(string s) => Convert.ToHexString(Encoding.UTF8.GetBytes(s)).ToLowerInvariant();
        Assert.True(InsuranceCardQr.TryParse($"GD4250123456789|{Hex("Nguyễn Thị Thử")}|12/07/1965|2|{Hex("Xã Thử")}|25 - 001|01/01/2024|31/12/2024|20/12/2023|25010123456789|-|K1|01/01/2020|abc-123|$", out var qr));
        Assert.Equal("0123456789", qr.Card.Number);
        Assert.Equal("Nguyễn Thị Thử", qr.Name);
        Assert.Equal("1965-07-12", qr.BirthDate.ToString());
        Assert.Equal("25001", qr.Facility);
        Assert.Equal(new DateOnly(2024, 12, 31), qr.ValidTo);
        Assert.Equal("K1", qr.Area);
        Assert.Null(qr.ParentName);
        Assert.Equal(new DateOnly(2020, 1, 1), qr.FiveYearsOn);
    }
}
