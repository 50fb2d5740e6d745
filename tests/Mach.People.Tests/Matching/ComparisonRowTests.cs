using Mach.People.Matching;

namespace Mach.People.Tests.Matching;

/// <summary>The rules of comparing, row by row: a, b, field, level. Source: docs/adr/0012 "Names"; clinical registers write 01/01 for a birth date of which the year alone is known.</summary>
public sealed class ComparisonRowTests
{
    [Theory]
    // Telex and VNI keys are read as they were meant.
    [InlineData("Nguyễn Thị Hòa", "Nguyeenx Thij Hoaf", "given", "same")]
    [InlineData("Nguyễn Thị Hòa", "Nguyeenx Thij Hoaf", "family", "same")]
    [InlineData("Trần Văn Đức", "Traan2 Va8n D9u71c", "given", "same")]
    // The place of the tone mark and the last i or y are spellings of one name.
    [InlineData("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", "given", "same")]
    [InlineData("Lê Thị Quý", "Lê Thị Quí", "given", "same")]
    // Without marks throughout, other marks, one letter off, another name.
    [InlineData("Lê Thị Hạnh", "LE THI HANH", "given", "toneless")]
    [InlineData("Trần Văn Hùng", "Trần Văn Hưng", "given", "marks")]
    [InlineData("Trần Văn Long", "Trần Văn Lonh", "given", "near")]
    [InlineData("Trần Văn Long", "Trần Văn Bình", "given", "differs")]
    // Names in any order.
    [InlineData("Nguyễn Văn An", "An Nguyễn Văn", "order", "differs")]
    [InlineData("Nguyễn Văn An", "An Nguyễn Văn", "given", "same")]
    [InlineData("Nguyễn Văn An", "An Nguyễn Văn", "family", "same")]
    [InlineData("Nguyễn Thị Thu Hà", "Nguyễn Thị Hà", "middle", "part")]
    public void Names(string a, string b, string field, string level) => Assert.Equal(level, LevelOf(new PersonFacts { Name = a }, new PersonFacts { Name = b }, field));

    [Theory]
    [InlineData("1984-03-12", "1984-03-12", "same")]
    [InlineData("1984-03-12", "1984-12-03", "swapped")]
    [InlineData("1984-03-12", "1984-03-13", "one-part")]
    [InlineData("1984-03-12", "1985-03-12", "one-part")]
    [InlineData("1984-03-12", "1984", "year-only")]
    [InlineData("1984-03-12", "1984-01-01", "year-only")]
    [InlineData("1984-03-12", "1984-03", "year-only")]
    [InlineData("1984-03-12", "1984-05-20", "same-year")]
    [InlineData("1984-03-12", "1986-05-20", "differs")]
    [InlineData("1984-03-12", "1985", "differs")]
    [InlineData("1984-03-12", "1994-05-20", "far")]
    [InlineData("1984-03-12", null, "unknown")]
    public void Birth_dates(string? a, string? b, string level)
    {
        Assert.Equal(level, LevelOf(new PersonFacts { Birth = a }, new PersonFacts { Birth = b }, "birth"));
        Assert.Equal(level, LevelOf(new PersonFacts { Birth = b }, new PersonFacts { Birth = a }, "birth"));
    }

    private static string LevelOf(PersonFacts a, PersonFacts b, string field)
    {
        var at = Enum.Parse<Field>(field, ignoreCase: true);
        return Level.NameOf(at, Comparison.Compare(new Candidate(a), new Candidate(b))[(int)at]);
    }
}
