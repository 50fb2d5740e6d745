using Mach.Indicators.Facts;

namespace Mach.Indicators.Language;

internal enum FormulaKind { Truth, Number, Text }

/// <summary>
/// An expression over one row of a view, compiled. Nothing is known of what a row does not say: a comparison with it is false, arithmetic with it gives nothing. Pure and quick: it runs for
/// each row of each measure at every save.
/// </summary>
internal sealed class Formula
{
    private Formula(FormulaKind kind, Func<Fact, bool>? truth, Func<Fact, decimal?>? number, Func<Fact, string?>? text) => (Kind, IsTrue, Number, Text) = (kind, truth!, number!, text!);

    public FormulaKind Kind { get; }

    /// <summary>Of <see cref="FormulaKind.Truth"/>; null otherwise, as the others are.</summary>
    public Func<Fact, bool> IsTrue { get; }

    public Func<Fact, decimal?> Number { get; }

    public Func<Fact, string?> Text { get; }

    public static Formula OfTruth(Func<Fact, bool> of) => new(FormulaKind.Truth, of, null, null);

    public static Formula OfNumber(Func<Fact, decimal?> of) => new(FormulaKind.Number, null, of, null);

    public static Formula OfText(Func<Fact, string?> of) => new(FormulaKind.Text, null, null, of);

    /// <summary>Reads an expression; empty = <paramref name="empty"/>.</summary>
    /// <exception cref="FormulaException">It cannot be read, or does not give what is asked for.</exception>
    public static Formula Parse(string text, FactView view, FormulaKind kind, Formula empty)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return empty;
        }

        var formula = new FormulaParser(text, view).Whole();
        return formula.Kind == kind ? formula
            : throw new FormulaException(0, $"Biểu thức phải cho {Vi(kind)}, không phải {Vi(formula.Kind)}.", $"The expression has to give {En(kind)}, not {En(formula.Kind)}.");
    }

    internal static string Vi(FormulaKind kind) => kind switch { FormulaKind.Truth => "đúng hoặc sai", FormulaKind.Number => "một số", _ => "một chuỗi" };

    internal static string En(FormulaKind kind) => kind switch { FormulaKind.Truth => "true or false", FormulaKind.Number => "a number", _ => "a text" };
}
