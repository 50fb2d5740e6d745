using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;
using Mach.Indicators.Language;

namespace Mach.Indicators.Tests.Language;

/// <summary>The language of definitions (README of the room).</summary>
public class FormulaTests
{
    private static Fact Row()
    {
        var columns = new object?[FactView.Discharge.Columns.Count];
        (columns[0], columns[1], columns[2], columns[3]) = ("IMP", "03", 12.5m, "5");
        Fact.Fill(FactView.Discharge, columns, new DateOnly(2026, 3, 7), "25001", new Traits("a", "a", "female", "1980-05-01", "07894"));
        return new Fact(FactView.Discharge, "e1", 1, "a", "a", new DateOnly(2026, 3, 7), "25001", "07894", columns);
    }

    [Theory]
    [InlineData("form = '03'", true)]
    [InlineData("form != '03'", false)]
    [InlineData("form <> '01' and days > 12", true)]
    [InlineData("days between 12.5 and 13", true)]
    [InlineData("days between 12.6 and 13", false)]
    [InlineData("form in ('01', '03')", true)]
    [InlineData("form in ('01') or sex = 'female'", true)]
    [InlineData("not form = '03'", false)]
    [InlineData("not (form = '03' and days > 100)", true)]
    [InlineData("form = '01' and form = '03' or days > 1", true)]
    [InlineData("form = '01' and (form = '03' or days > 1)", false)]
    // Nothing is known of what a row does not say.
    [InlineData("leaving = '1'", false)]
    [InlineData("leaving != '1'", false)]
    [InlineData("not given(leaving)", true)]
    [InlineData("given(days) and given(form)", true)]
    [InlineData("or_else(leaving, 'none') = 'none'", true)]
    [InlineData("days / 0 = 0", false)]
    [InlineData("days / 2 = 6.25", true)]
    [InlineData("2 + 3 * 4 = 14 and (2 + 3) * 4 = 20 and -2 + 3 = 1", true)]
    [InlineData("10 - 3 - 2 = 5 and 100 / 5 / 2 = 10", true)]
    [InlineData("starts(commune, '07', '08')", true)]
    [InlineData("starts(commune, '08')", false)]
    [InlineData("first(commune, 2) = '07'", true)]
    [InlineData("if(days > 10, 'long', 'short') = 'long'", true)]
    [InlineData("if(days > 100, 1, 2) = 2", true)]
    [InlineData("age = 45 and month = 3 and weekday = 6", true)]
    [InlineData("band(age, 5, 15, 60) = '15–59'", true)]
    [InlineData("band(age, 5, 15) = '15+'", true)]
    [InlineData("band(0, 5) = '0–4'", true)]
    [InlineData("facility = '25001' and outcome = '5'", true)]
    [InlineData("'it''s' = 'it''s'", true)]
    public void Says_of_a_row(string text, bool expected) => Assert.Equal(expected, Formula.Parse(text, FactView.Discharge, FormulaKind.Truth, null!).IsTrue(Row()));

    [Theory]
    [InlineData("icd(code, 'J00', 'J99')", "J45.9", true)]
    [InlineData("icd(code, 'J00', 'J99')", "J99", true)]
    [InlineData("icd(code, 'J00', 'J99')", "K00", false)]
    [InlineData("icd(code, 'J12', 'J18')", "J18.9", true)]
    [InlineData("icd(code, 'J12', 'J18')", "J1", false)]
    public void Knows_ranges_of_icd(string text, string code, bool expected)
    {
        var columns = new object?[FactView.Diagnosis.Columns.Count];
        columns[0] = code;
        Assert.Equal(expected, Formula.Parse(text, FactView.Diagnosis, FormulaKind.Truth, null!).IsTrue(new Fact(FactView.Diagnosis, "c", 1, "", "", default, "", "", columns)));
    }

    /// <summary>What is wrong is said with its place.</summary>
    [Theory]
    [InlineData("form", 0)]
    [InlineData("days", 0)]
    [InlineData("form = 3", 5)]
    [InlineData("nothing = 1", 0)]
    [InlineData("form = '03", 7)]
    [InlineData("form = '03' and", 15)]
    [InlineData("form = '03' 1", 12)]
    [InlineData("(form = '03'", 12)]
    [InlineData("form = '03' and days", 12)]
    [InlineData("days + form > 1", 5)]
    [InlineData("days > 1.2.3", 7)]
    [InlineData("days > 1 ; drop", 9)]
    [InlineData("unknown(days) = 1", 0)]
    [InlineData("starts(days, 'a')", 0)]
    [InlineData("if(days, 1, 2) = 1", 0)]
    [InlineData("band(form, 5) = 'x'", 0)]
    [InlineData("form in ()", 9)]
    [InlineData("form = đ", 7)]
    [InlineData("and", 0)]
    public void Refuses(string text, int at)
    {
        var problem = Assert.Throws<FormulaException>(() => Formula.Parse(text, FactView.Discharge, FormulaKind.Truth, null!));
        Assert.Equal(at, problem.At);
        Assert.NotEqual(problem.Vi, problem.En);
    }

    [Fact]
    public void Depth_and_length_have_an_end()
    {
        Assert.Throws<FormulaException>(() => Formula.Parse(new string('(', 500) + "days > 1" + new string(')', 500), FactView.Discharge, FormulaKind.Truth, null!));
        Assert.Throws<FormulaException>(() => Formula.Parse(string.Concat(Enumerable.Repeat("not ", 400)) + "days > 1", FactView.Discharge, FormulaKind.Truth, null!));
        Assert.Throws<FormulaException>(() => Formula.Parse(string.Join(" or ", Enumerable.Repeat("days > 1", 400)), FactView.Discharge, FormulaKind.Truth, null!));
    }

    /// <summary>Random texts end in a formula or in a problem with a place, in nothing else.</summary>
    [Fact]
    public void Random_texts_are_read_or_refused()
    {
        var random = new Random(11);
        string[] pieces = ["days", "form", "'03'", "1", "(", ")", "and", "or", "not", "=", "<", ",", "in", "between", "+", "-", "*", "/", "starts", "if", "band", "given", " ", "'", "é", "\0", "."];
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(3) == 0 ? "" : " ")));
            try
            {
                _ = Formula.Parse(text, FactView.Discharge, FormulaKind.Truth, Formula.OfTruth(_ => true)).IsTrue(Row());
                read++;
            }
            catch (FormulaException e)
            {
                Assert.InRange(e.At, 0, text.Length);
            }
        }

        Assert.True(read > 20);
    }

    [Fact]
    public void An_amount_beyond_all_measure_counts_nothing()
    {
        Assert.Null(new Measure(1, new MeasureSpec("discharge", Value: "days * 99999999999999999999 * 9999999999")).Give(Row()));
        Assert.Equal((1250, ""), new Measure(1, new MeasureSpec("discharge", Value: "days")).Give(Row()));
        Assert.Equal((333, "female"), new Measure(1, new MeasureSpec("discharge", Value: "10 / 3", Stratum: "sex")).Give(Row()));
    }

    [Theory]
    [InlineData("1980-05-01", "2026-04-30", 45)]
    [InlineData("1980-05-01", "2026-05-01", 46)]
    [InlineData("1980", "2026-01-01", 46)]
    [InlineData("1980-05", "2026-01-01", 46)]
    [InlineData("2024-02-29", "2025-02-28", 0)]
    [InlineData("2024-02-29", "2025-03-01", 1)]
    [InlineData("", "2026-01-01", null)]
    [InlineData("2027", "2026-01-01", null)]
    public void Age_is_in_whole_years(string born, string day, int? age) => Assert.Equal(age, (int?)new Traits("a", "a", "", born, "").AgeOn(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Every_shipped_definition_can_be_counted()
    {
        Assert.True(DefinitionBook.Shipped.Count >= 60);
        Assert.Equal(DefinitionBook.Shipped.Count, DefinitionBook.Shipped.Select(d => d.Code).Distinct().Count());
        foreach (var definition in DefinitionBook.Shipped)
        {
            _ = new Measure(0, definition.Of);
            _ = definition.Per is { } per ? new Measure(0, per) : null;
            Assert.NotEqual("", definition.Source);
            Assert.Contains(definition.Group, DefinitionForm.Groups);
            Assert.NotEqual(definition.Vi, definition.En);
        }
    }
}
