namespace Mach.Indicators.Language;

/// <summary>An expression that cannot be read, with the place of it.</summary>
/// <param name="at">Characters before the place, from 0.</param>
/// <param name="vi">What is wrong and what to do.</param>
internal sealed class FormulaException(int at, string vi, string en) : Exception(en)
{
    public int At { get; } = at;

    public string Vi { get; } = vi;

    public string En { get; } = en;
}
