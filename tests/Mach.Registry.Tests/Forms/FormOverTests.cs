using Mach.Registry.Forms;

namespace Mach.Registry.Tests.Forms;

/// <summary>A form that came second: what its sender meant, over what the first one made of it.</summary>
public class FormOverTests
{
    [Theory]
    // Not touched: what holds now.
    [InlineData("beds", "100", "100", "120", "120", null)]
    // Touched by one alone.
    [InlineData("beds", "90", "100", "100", "90", null)]
    // Touched by both.
    [InlineData("beds", "90", "100", "120", "90", "120")]
    [InlineData("beds", "", "100", "120", "", "120")]
    [InlineData("beds", "90", "100", "", "90", "–")]
    // Both to the same.
    [InlineData("beds", "120", "100", "120", "120", "120")]
    // Codes: each one's additions and removals.
    [InlineData("codes", "a c", "a b", "a b d", "A D C", null)]
    [InlineData("codes", "", "a b", "a b d", "D", null)]
    [InlineData("codes", "a, b;c", "a b", "b", "B C", null)]
    // The number of the last change that was seen moves on.
    [InlineData("seen", "7", "7", "9", "9", null)]
    public void What_was_typed_stands_over_what_holds_now(string field, string typed, string shown, string now, string kept, string? beside)
    {
        static FormText Form(string field, string value) => FormText.Empty with { Values = new Dictionary<string, string> { [field] = value } };
        var form = Form(field, typed).Over(Form(field, shown), Form(field, now), new Dictionary<string, char> { ["codes"] = ' ' });
        Assert.Equal(kept, form[field]);
        Assert.Equal(beside, form.Changed.GetValueOrDefault(field));
    }
}
