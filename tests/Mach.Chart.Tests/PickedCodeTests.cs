using Mach.Ui.Typing;

namespace Mach.Chart.Tests;

public sealed class PickedCodeTests
{
    [Theory]
    [InlineData("E11.9", "E11.9 Bệnh đái tháo đường không phụ thuộc insuline không biến chứng", "E11.9")]
    [InlineData(null, "e119", "E11.9")]
    [InlineData("", "I10 cao huyết áp", "I10")]
    [InlineData("", "Đái tháo đường trong khi có thai", "O24")]
    [InlineData("", "dai thao duong trong khi co thai", "O24")]
    // Typed over after it was taken: what stands in the field counts.
    [InlineData("E11.9", "I10 Tăng huyết áp", "I10")]
    [InlineData("E11.9", "đau", null)]
    [InlineData(null, "không có bệnh nào như thế này", null)]
    [InlineData("E11.9", "", null)]
    [InlineData(null, null, null)]
    public void What_stands_in_the_field_decides_which_code_is_meant(string? code, string? text, string? meant) => Assert.Equal(meant, PickedCode.Icd10(code, text)?.Code);
}
