using Mach.Vietnam.Terminology;

namespace Mach.Vietnam.Tests.Terminology;

// Source: QĐ 4469/QĐ-BYT 2020.
public sealed class Icd10ListTests
{
    [Theory]
    [InlineData("tăng huyết áp", "I10")]
    [InlineData("tang huyet ap", "I10")]
    [InlineData("TANG  HUYET AP", "I10")]
    [InlineData("cao huyet tang ap", null)]
    [InlineData("ap huyet tang ly benh", "I10")]
    [InlineData("dai thao duong", "E10")]
    [InlineData("dtd", "E10")]
    [InlineData("tha", "I10")]
    [InlineData("hypertension essential", "I10")]
    [InlineData("E11.9", "E11.9")]
    [InlineData("e119", "E11.9")]
    [InlineData("E11", "E11")]
    [InlineData("e11.9 insul", "E11.9")]
    [InlineData("benh ta", "A00")]
    [InlineData("!?", null)]
    [InlineData("", null)]
    public void What_doctors_type_finds_the_code_among_the_first_five(string typed, string? code)
    {
        var found = Icd10List.Search(typed).Take(5).Select(p => Icd10List.At(p).Code).ToArray();
        if (code is null)
        {
            Assert.Empty(found);
        }
        else
        {
            Assert.Contains(code, found);
        }
    }

    [Fact]
    public void A_code_or_its_beginning_comes_first_and_brings_what_is_below()
    {
        var found = Icd10List.Search("e11").Select(p => Icd10List.At(p).Code).ToArray();
        Assert.Equal("E11", found[0]);
        Assert.Equal(["E11.0", "E11.1", "E11.2"], found[1..4]);
    }

    [Fact]
    public void Every_result_has_every_word_typed_at_the_beginning_of_one_of_its_words()
    {
        foreach (var typed in new[] { "viem phoi", "gay xuong dui", "u ac", "di ung thuoc", "thai 37" })
        {
            var words = typed.Split(' ');
            var found = Icd10List.Search(typed);
            var expected = Enumerable.Range(0, Icd10List.Count).Select(Icd10List.At)
                .Where(c => words.All(w => Icd10Words.Of($"{c.Code} {c.Vi} {c.En}").Any(x => x.StartsWith(w, StringComparison.Ordinal)))).Select(c => c.Code);
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(p => Icd10List.At(p).Code).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_code_is_found_as_it_is_and_as_people_write_it()
    {
        for (var place = 0; place < Icd10List.Count; place++)
        {
            var code = Icd10List.At(place);
            Assert.Equal(code, Icd10List.Find(code.Code));
            Assert.Equal(code, Icd10List.FindAsWritten(code.Code.Replace(".", "").ToLowerInvariant() + "*"));
            Assert.True(code.Code.Length == 3 || Icd10List.Parent(code.Code) is not null, code.Code);
        }

        Assert.Null(Icd10List.Find("i10"));
        Assert.Null(Icd10List.Find("ZZZ"));
        Assert.Null(Icd10List.Find("a much longer text than any code"));
        Assert.Equal(10, Icd10List.Children("E11").Count());
    }

    [Fact]
    public void Better_answers_stand_before_worse_ones()
    {
        var found = Icd10List.Search("viêm phổi").Select(p => Icd10List.At(p).Vi).ToArray();
        Assert.StartsWith("viêm phổi", found[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("viêm", found[^1], StringComparison.OrdinalIgnoreCase);
    }
}
