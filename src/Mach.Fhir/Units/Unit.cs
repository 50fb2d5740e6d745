using System.Globalization;
using System.Text;

namespace Mach.Fhir.Units;

/// <summary>A unit as a multiple of powers of base units.</summary>
/// <param name="Factor">How many of the base units it is.</param>
/// <param name="Powers">Base unit and exponent, in the order of <see cref="Compare"/>, no exponent zero.</param>
/// <param name="Offset">What is added to a value before the factor: degrees Celsius begin 273.15 below K's zero. Zero for all proper units.</param>
internal sealed record Unit(Ratio Factor, IReadOnlyList<(string Base, int Exponent)> Powers, Ratio Offset)
{
    public static readonly Ratio NoOffset = new(0, 1);
    public static readonly Unit One = new(Ratio.One, [], NoOffset);

    /// <summary>UCUM's base units and mol, in the order in which canonical units name them.</summary>
    private static readonly string[] Order = ["g", "m", "s", "K", "C", "cd", "rad", "mol"];

    /// <summary>"g.m-3"; "1" without dimension.</summary>
    public string Canonical => field ??= Write();

    public bool IsProper => Offset.Numerator.IsZero;

    public static Unit OfBase(string code) => new(Ratio.One, [(code, 1)], NoOffset);

    public Unit Scaled(Ratio factor) => this with { Factor = Factor * factor, Powers = Powers };

    public Unit Times(Unit other, int sign)
    {
        var powers = new List<(string Base, int Exponent)>(Powers);
        foreach (var (code, exponent) in other.Powers)
        {
            var at = powers.FindIndex(p => p.Base == code);
            if (at < 0)
            {
                powers.Add((code, exponent * sign));
            }
            else
            {
                powers[at] = (code, powers[at].Exponent + (exponent * sign));
            }
        }

        powers.RemoveAll(p => p.Exponent == 0);
        powers.Sort((a, b) => Compare(a.Base, b.Base));
        return new Unit(sign > 0 ? Factor * other.Factor : Factor / other.Factor, powers, NoOffset);
    }

    public Unit Power(int exponent) =>
        exponent == 0 ? One : new Unit(Factor.Power(exponent), [.. Powers.Select(p => (p.Base, p.Exponent * exponent))], NoOffset);

    public Ratio ToBase(Ratio value) => IsProper ? value * Factor : (value + Offset) * Factor;

    public Ratio FromBase(Ratio value) => IsProper ? value / Factor : (value / Factor) - Offset;

    private static int Compare(string left, string right)
    {
        var (a, b) = (Array.IndexOf(Order, left), Array.IndexOf(Order, right));
        return a < 0 && b < 0 ? string.CompareOrdinal(left, right) : a < 0 ? 1 : b < 0 ? -1 : a.CompareTo(b);
    }

    private string Write()
    {
        var text = new StringBuilder();
        foreach (var (code, exponent) in Powers)
        {
            text.Append(text.Length > 0 ? "." : "").Append(code);
            if (exponent != 1)
            {
                text.Append(exponent.ToString(CultureInfo.InvariantCulture));
            }
        }

        return text.Length == 0 ? "1" : text.ToString();
    }
}
