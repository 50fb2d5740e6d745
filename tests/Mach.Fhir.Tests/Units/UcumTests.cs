using FsCheck;
using FsCheck.Fluent;
using Mach.Fhir.Units;

namespace Mach.Fhir.Tests.Units;

/// <summary>Source of the rows: https://ucum.org/ucum, the tables of units.</summary>
public sealed class UcumTests
{
    [Theory]
    [InlineData("90", "mg/dL", 900, "g.m-3")]
    [InlineData("5.5", "mmol/L", 5.5, "m-3.mol")]
    [InlineData("5.5", "mol/m3", 5.5, "m-3.mol")]
    [InlineData("37", "Cel", 310.15, "K")]
    [InlineData("98.6", "[degF]", 310.15, "K")]
    [InlineData("120", "mm[Hg]", 15998640, "g.m-1.s-2")]
    [InlineData("7.4", "[pH]", 7.4, "[pH]")]
    [InlineData("10", "10*3/uL", 1e13, "m-3")]
    [InlineData("10", "10*9/L", 1e13, "m-3")]
    [InlineData("10", "10^9/L", 1e13, "m-3")]
    [InlineData("72", "/min", 1.2, "s-1")]
    [InlineData("72", "{beats}/min", 1.2, "s-1")]
    [InlineData("3", "{score}", 3, "1")]
    [InlineData("1", "1", 1, "1")]
    [InlineData("50", "%", 0.5, "1")]
    [InlineData("2", "[IU]/L", 2000, "m-3.[IU]")]
    [InlineData("2", "k[iU]/L", 2000000, "m-3.[IU]")]
    [InlineData("1", "kg/m2", 1000, "g.m-2")]
    [InlineData("1", "J/(kg.K)", 1, "m2.s-2.K-1")]
    [InlineData("1", "mL/min/{1.73_m2}", 1.6666666666666667E-08, "m3.s-1")]
    [InlineData("1", "a", 31557600, "s")]
    [InlineData("1", "wk", 604800, "s")]
    [InlineData("1", "kat/L", 1000, "m-3.s-1.mol")]
    [InlineData("1", "[lb_av]", 453.59237, "g")]
    [InlineData("1", "m[H2O]", 9806650, "g.m-1.s-2")]
    [InlineData("1", "KiBy", 8192, "1")]
    [InlineData("180", "deg", 3.141592653589793, "rad")]
    public void Units_have_a_canonical_form(string value, string unit, double canonical, string canonicalUnit)
    {
        Assert.True(Ucum.TryCanonical(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), unit, out var number, out var name));
        Assert.Equal((canonical, canonicalUnit), (number, name));
        Assert.True(Ucum.TryCanonical(double.Parse(value, System.Globalization.CultureInfo.InvariantCulture), unit, out var again, out _));
        Assert.Equal(canonical, again);
    }

    [Theory]
    [InlineData("4000", "mg", "g", "4")]
    [InlineData("1", "[in_i]", "cm", "2.54")]
    [InlineData("1", "U/L", "nkat/L", "16.666666666666666666666666667")]
    [InlineData("100", "Cel", "[degF]", "212")]
    [InlineData("32", "[degF]", "Cel", "0")]
    [InlineData("80", "[degRe]", "Cel", "100")]
    [InlineData("1", "meq/L", "mmol/L", "1")]
    [InlineData("1", "g%", "g/L", "10")]
    [InlineData("1", "mm[Hg]", "Pa", "133.322")]
    [InlineData("1", "kcal_th", "kJ", "4.184")]
    [InlineData("1", "h", "min", "60")]
    [InlineData("10", "dB", "B", "1")]
    [InlineData("3", "ng/mL", "ug/L", "3")]
    [InlineData("1", "[ft_i]", "[in_i]", "12")]
    [InlineData("1", "[tsp_us]", "mL", "4.92892159375")]
    [InlineData("1000", "mCel", "Cel", "1")]
    public void Numbers_are_converted_exactly(string value, string from, string to, string expected)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        Assert.True(Ucum.TryConvert(decimal.Parse(value, culture), from, to, out var converted));
        Assert.Equal(expected, converted.ToString(culture));
    }

    [Theory]
    [InlineData("mmol/L", "mg/dL")]
    [InlineData("mol", "1")]
    [InlineData("[IU]", "U")]
    [InlineData("[IU]", "[arb'U]")]
    [InlineData("[pH]", "mol/L")]
    [InlineData("m", "s")]
    public void Units_of_different_kinds_are_not_converted(string from, string to) => Assert.False(Ucum.TryConvert(1, from, to, out _));

    [Theory]
    [InlineData("")]
    [InlineData("mgg")]
    [InlineData("mg//dL")]
    [InlineData("mg/")]
    [InlineData("(mg")]
    [InlineData("mg)")]
    [InlineData("k[in_i]")]
    [InlineData("m/Cel")]
    [InlineData("Cel2")]
    [InlineData("m-")]
    [InlineData("m0")]
    [InlineData("m999")]
    [InlineData("m99.m99")]
    [InlineData("0")]
    [InlineData("{a")]
    [InlineData("{a b}")]
    [InlineData("mg dL")]
    [InlineData("MG/DL")]
    [InlineData("ng/mL ")]
    [InlineData("[nonsense]")]
    [InlineData("[")]
    public void What_is_no_unit_is_refused(string text)
    {
        Assert.False(Ucum.IsValid(text), text);
        Assert.False(Ucum.TryCanonical(1m, text, out _, out _));
    }

    [Fact]
    public void Every_atom_of_the_table_is_built_from_known_units_with_a_factor_above_zero()
    {
        Assert.True(UnitAtoms.Codes.Count() >= 250);
        Assert.All(UnitAtoms.Codes, code =>
        {
            Assert.True(Ucum.TryConvert(1, code, code, out _), code);
            Assert.True(Ucum.Find(code)!.Factor.Numerator.Sign > 0, code);
        });
    }

    [Fact]
    public void There_and_back_gives_the_number_again()
    {
        var units = new[] { "g", "mg", "kg", "[lb_av]", "[oz_av]", "ug", "[gr]", "t" };
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            Gen.Elements(units).Two().ToArbitrary(),
            (number, pair) =>
            {
                var value = number / 1000m;
                return Ucum.TryConvert(value, pair.Item1, pair.Item2, out var there)
                    && Ucum.TryConvert(there, pair.Item2, pair.Item1, out var back)
                    && Math.Abs(back - value) < 1e-15m
                    && Ucum.TryCompare(value, pair.Item1, value, pair.Item1, out var order) && order == 0;
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Products_and_quotients_cancel()
    {
        var codes = UnitAtoms.Codes.Where(c => Ucum.Find(c)!.IsProper).ToArray();
        Prop.ForAll(
            Gen.Elements(codes).Two().ToArbitrary(),
            pair => Ucum.Find($"{pair.Item1}.{pair.Item2}/{pair.Item1}") is { } unit && Ucum.Find(pair.Item2) is { } plain && unit.Canonical == plain.Canonical && unit.Factor == plain.Factor)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_a_unit_or_refused_and_nothing_else()
    {
        Prop.ForAll(
            Gen.Elements("m", "g", "k", "10*", "/", ".", "(", ")", "{", "}", "[", "]", "2", "-1", "+3", "[IU]", "mol", "Cel", "99", "'", "%").ArrayOf().Select(parts => string.Concat(parts)).ToArbitrary(),
            text => Ucum.IsValid(text) == Ucum.TryCanonical(1m, text, out _, out _))
            .QuickCheckThrowOnFailure();
    }
}
