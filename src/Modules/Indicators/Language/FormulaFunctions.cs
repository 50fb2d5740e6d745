using System.Globalization;

namespace Mach.Indicators.Language;

/// <summary>
/// <c>starts(text, 'A', …)</c>; <c>icd(code, 'J00', 'J99')</c>: the three-character category lies in the range; <c>given(x)</c>: something is said; <c>if(test, a, b)</c>;
/// <c>band(number, 5, 15, 60)</c>: "0–4", "5–14", "15–59", "60+"; <c>first(text, n)</c>: its first n characters; <c>or_else(x, y)</c>: x, or y where nothing is said.
/// </summary>
internal static class FormulaFunctions
{
    public static readonly IReadOnlyList<string> Names = ["starts", "icd", "given", "if", "band", "first", "or_else"];

    public static Formula Make(Token name, List<Formula> arguments)
    {
        void Take(params FormulaKind[] kinds)
        {
            if (arguments.Count != kinds.Length || arguments.Zip(kinds).Any(a => a.First.Kind != a.Second))
            {
                throw new FormulaException(name.At, $"{name.Text}(…) cần {string.Join(", ", kinds.Select(Formula.Vi))}.", $"{name.Text}(…) takes {string.Join(", ", kinds.Select(Formula.En))}.");
            }
        }

        switch (name.Text)
        {
            case "starts":
                Take([FormulaKind.Text, .. Enumerable.Repeat(FormulaKind.Text, Math.Max(1, arguments.Count - 1))]);
                return Starts(arguments);
            case "icd":
                Take(FormulaKind.Text, FormulaKind.Text, FormulaKind.Text);
                return Icd(arguments);
            case "given":
                return Given(name, arguments);
            case "if":
                return If(name, arguments);
            case "band":
                Take([FormulaKind.Number, .. Enumerable.Repeat(FormulaKind.Number, Math.Max(1, arguments.Count - 1))]);
                return Band(arguments);
            case "first":
                Take(FormulaKind.Text, FormulaKind.Number);
                var (text, length) = (arguments[0].Text, arguments[1].Number);
                return Formula.OfText(f => text(f) is { } t && length(f) is >= 0 and < 100 and var n ? t[..Math.Min(t.Length, (int)n)] : null);
            case "or_else":
                return OrElse(name, arguments);
            default:
                throw new FormulaException(name.At, $"Không có hàm '{name.Text}'. Có: {string.Join(", ", Names)}.", $"There is no function '{name.Text}'. There are: {string.Join(", ", Names)}.");
        }
    }

    private static Formula Starts(List<Formula> arguments)
    {
        var (text, prefixes) = (arguments[0].Text, arguments.Skip(1).Select(a => a.Text).ToArray());
        return Formula.OfTruth(f => text(f) is { } t && Array.Exists(prefixes, p => p(f) is { } prefix && t.StartsWith(prefix, StringComparison.Ordinal)));
    }

    private static Formula Icd(List<Formula> arguments)
    {
        var (code, from, to) = (arguments[0].Text, arguments[1].Text, arguments[2].Text);
        return Formula.OfTruth(f => code(f) is { Length: >= 3 } c && from(f) is { } low && to(f) is { } high && string.CompareOrdinal(c[..3], low) >= 0 && string.CompareOrdinal(c[..3], high) <= 0);
    }

    private static Formula Given(Token name, List<Formula> arguments)
    {
        if (arguments is not [{ Kind: not FormulaKind.Truth } one])
        {
            throw new FormulaException(name.At, "given(…) cần một số hoặc một chuỗi.", "given(…) takes a number or a text.");
        }

        return one.Kind == FormulaKind.Number ? Formula.OfTruth(f => one.Number(f) is not null) : Formula.OfTruth(f => one.Text(f) is not null);
    }

    private static Formula If(Token name, List<Formula> arguments)
    {
        if (arguments is not [{ Kind: FormulaKind.Truth } test, var a, var b] || a.Kind != b.Kind || a.Kind == FormulaKind.Truth)
        {
            throw new FormulaException(name.At, "if(…) cần một điều kiện và hai số, hoặc hai chuỗi.", "if(…) takes a test and two numbers, or two texts.");
        }

        return a.Kind == FormulaKind.Number ? Formula.OfNumber(f => test.IsTrue(f) ? a.Number(f) : b.Number(f)) : Formula.OfText(f => test.IsTrue(f) ? a.Text(f) : b.Text(f));
    }

    private static Formula OrElse(Token name, List<Formula> arguments)
    {
        if (arguments is not [{ Kind: not FormulaKind.Truth } a, var b] || a.Kind != b.Kind)
        {
            throw new FormulaException(name.At, "or_else(…) cần hai số, hoặc hai chuỗi.", "or_else(…) takes two numbers, or two texts.");
        }

        return a.Kind == FormulaKind.Number ? Formula.OfNumber(f => a.Number(f) ?? b.Number(f)) : Formula.OfText(f => a.Text(f) ?? b.Text(f));
    }

    private static Formula Band(List<Formula> arguments)
    {
        var (number, edges) = (arguments[0].Number, arguments.Skip(1).Select(a => a.Number).ToArray());
        return Formula.OfText(f =>
        {
            if (number(f) is not { } n)
            {
                return null;
            }

            var low = 0m;
            foreach (var edge in edges)
            {
                if (edge(f) is not { } next)
                {
                    return null;
                }

                if (n < next)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{low:0.##}–{next - 1:0.##}");
                }

                low = next;
            }

            return string.Create(CultureInfo.InvariantCulture, $"{low:0.##}+");
        });
    }
}
