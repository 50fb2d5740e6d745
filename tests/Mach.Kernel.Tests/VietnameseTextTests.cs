using FsCheck;
using FsCheck.Fluent;

namespace Mach.Kernel.Tests;

public sealed class VietnameseTextTests
{
    [Theory]
    [InlineData("Nguyễn  Thị Đào", "nguyen thi dao")]
    [InlineData("  TRẦN\u00A0VĂN\tHÙNG \r\n", "tran van hung")]
    [InlineData("Nguyê\u0303n", "nguyen")]
    [InlineData("Đặng Ðức", "dang duc")]
    [InlineData("Hoà, Hòa & Hoa\u0300", "hoa, hoa & hoa")]
    [InlineData("MÜLLER-Søren", "muller-soren")]
    [InlineData("\u200BA\uFEFFn\u00AD", "an")]
    [InlineData("", "")]
    [InlineData(" \u00A0 ", "")]
    [InlineData("K'pă Y Ơi 12", "k'pa y oi 12")]
    public void Folding_leaves_plain_small_letters(string text, string folded) => Assert.Equal(folded, VietnameseText.Fold(text));

    [Theory]
    [MemberData(nameof(VietnameseLetterRows.All), MemberType = typeof(VietnameseLetterRows))]
    public void Every_decomposed_letter_composes_and_folds_like_the_composed_one(string composed, string decomposed)
    {
        Assert.Equal(composed, VietnameseText.Compose(decomposed));
        Assert.Equal(composed, VietnameseText.Compose(composed));
        Assert.Equal(VietnameseText.Fold(composed), VietnameseText.Fold(decomposed));
        Assert.Equal(decomposed[..1].ToLowerInvariant(), VietnameseText.Fold(composed));
        Assert.True(VietnameseText.HasDiacritics(composed));
        Assert.True(VietnameseText.HasDiacritics(decomposed));
        if (decomposed.Length == 3)
        {
            var otherOrder = string.Concat(decomposed[0], decomposed[2], decomposed[1]);
            Assert.Equal(composed, VietnameseText.Compose(otherOrder));
        }
    }

    [Theory]
    [InlineData("\u00EA\u0301", "ế")] // shaped vowel + tone
    [InlineData("\u1EA1\u0302", "ậ")] // toned vowel + shape
    [InlineData("Nguye\u0302\u0303n Thi\u0323", "Nguyễn Thị")]
    [InlineData("e\u0308", "e\u0308")] // not Vietnamese: left alone
    [InlineData("a\u0301\u0300", "á\u0300")] // a second tone stays
    [InlineData("e\u031B", "e\u031B")] // no such letter
    [InlineData("n\u0303", "n\u0303")]
    [InlineData("đ", "đ")]
    [InlineData("\u0301a", "\u0301a")]
    public void Composing_joins_what_makes_a_letter_and_leaves_the_rest(string text, string composed) => Assert.Equal(composed, VietnameseText.Compose(text));

    [Theory]
    [InlineData("Nguyen Van An", false)]
    [InlineData("Müller", false)]
    [InlineData("Đ", true)]
    [InlineData("đ", true)]
    [InlineData("", false)]
    public void Diacritics_are_seen(string text, bool has) => Assert.Equal(has, VietnameseText.HasDiacritics(text));

    [Fact]
    public void Folding_twice_changes_nothing() => Prop.ForAll((FsCheck.NonNull<string> text) =>
        VietnameseText.Fold(VietnameseText.Fold(text.Get)) == VietnameseText.Fold(text.Get)).QuickCheckThrowOnFailure();

    [Fact]
    public void Composing_does_not_change_the_folded_form() => Prop.ForAll((FsCheck.NonNull<string> text) =>
        VietnameseText.Fold(VietnameseText.Compose(text.Get)) == VietnameseText.Fold(text.Get)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_long_text_folds_too()
    {
        var text = string.Concat(Enumerable.Repeat("Bệnh nhân ", 200));
        Assert.Equal(string.Concat(Enumerable.Repeat("benh nhan ", 200)).Trim(), VietnameseText.Fold(text));
    }
}
