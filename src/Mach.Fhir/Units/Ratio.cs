using System.Numerics;

namespace Mach.Fhir.Units;

/// <summary>An exact number: factors between units are products and quotients of decimals, and rounding them would make 4 g and 4000 mg differ.</summary>
/// <param name="Numerator">With the sign.</param>
/// <param name="Denominator">Greater than zero.</param>
internal readonly record struct Ratio(BigInteger Numerator, BigInteger Denominator)
{
    public static readonly Ratio One = new(BigInteger.One, BigInteger.One);

    public static Ratio Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var whole = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return Reduced(bits[3] < 0 ? -whole : whole, BigInteger.Pow(10, (bits[3] >> 16) & 0xFF));
    }

    public static Ratio operator *(Ratio left, Ratio right) => Reduced(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <exception cref="DivideByZeroException">The right one is zero.</exception>
    public static Ratio operator /(Ratio left, Ratio right) =>
        right.Numerator.IsZero ? throw new DivideByZeroException()
        : right.Numerator.Sign < 0 ? Reduced(-left.Numerator * right.Denominator, left.Denominator * -right.Numerator)
        : Reduced(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static Ratio operator +(Ratio left, Ratio right) =>
        Reduced((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Ratio operator -(Ratio left, Ratio right) => left + new Ratio(-right.Numerator, right.Denominator);

    public Ratio Power(int exponent) =>
        exponent >= 0 ? new Ratio(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent)) : One / Power(-exponent);

    public int CompareTo(Ratio other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The nearest double; infinite when too large.</summary>
    public double ToDouble()
    {
        // 63 bits of the quotient are more than a double holds, and the lowest one says whether more follows.
        var shift = 63 - (int)(BigInteger.Abs(Numerator).GetBitLength() - Denominator.GetBitLength());
        var quotient = shift >= 0
            ? BigInteger.DivRem(BigInteger.Abs(Numerator) << shift, Denominator, out var rest)
            : BigInteger.DivRem(BigInteger.Abs(Numerator), Denominator << -shift, out rest);
        var magnitude = Math.ScaleB((ulong)quotient | (rest.IsZero ? 0UL : 1UL), -shift);
        return Numerator.Sign < 0 ? -magnitude : magnitude;
    }

    /// <summary>With up to 28 places, without zeros at the end; false when too large.</summary>
    public bool TryDecimal(out decimal value)
    {
        var scale = 28;
        var digits = BigInteger.DivRem(BigInteger.Abs(Numerator) * BigInteger.Pow(10, scale) * 2, Denominator * 2, out var rest);
        digits += rest >= Denominator ? 1 : 0;
        while (scale > 0 && (digits.GetBitLength() > 96 || (digits % 10).IsZero))
        {
            digits = digits.GetBitLength() > 96 ? (digits + 5) / 10 : digits / 10;
            scale--;
        }

        value = 0;
        if (digits.GetBitLength() > 96)
        {
            return false;
        }

        value = new decimal((int)(uint)(digits & uint.MaxValue), (int)(uint)((digits >> 32) & uint.MaxValue), (int)(uint)(digits >> 64), Numerator.Sign < 0, (byte)scale);
        return true;
    }

    private static Ratio Reduced(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return divisor.IsOne ? new Ratio(numerator, denominator) : new Ratio(numerator / divisor, denominator / divisor);
    }
}
