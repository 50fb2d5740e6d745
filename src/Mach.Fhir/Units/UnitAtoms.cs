using System.Collections.Concurrent;
using System.Globalization;

namespace Mach.Fhir.Units;

/// <summary>UCUM's unit atoms and prefixes.</summary>
/// <remarks>Source: https://ucum.org/ucum tables 1–23.</remarks>
internal static partial class UnitAtoms
{
    private static readonly Lazy<Dictionary<string, Atom>> All = new(Read);
    private static readonly ConcurrentDictionary<string, Unit> Built = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, Ratio> Prefixes = ReadPrefixes();

    public static IEnumerable<string> Codes => All.Value.Keys;

    /// <summary>An atom, with or without a prefix; null when there is none.</summary>
    public static Unit? Find(string symbol)
    {
        if (All.Value.TryGetValue(symbol, out var atom))
        {
            return Build(atom);
        }

        for (var length = 1; length <= 2 && length < symbol.Length; length++)
        {
            if (Prefixes.TryGetValue(symbol[..length], out var factor) && All.Value.TryGetValue(symbol[length..], out atom) && atom.IsMetric)
            {
                return Prefixed(Build(atom), factor);
            }
        }

        return null;
    }

    /// <summary>Prefixes belong to the number, so the offset counts in units that are that much larger.</summary>
    private static Unit Prefixed(Unit unit, Ratio factor) => unit with { Factor = unit.Factor * factor, Offset = unit.IsProper ? unit.Offset : unit.Offset / factor };

    private static Unit Build(Atom atom)
    {
        if (Built.TryGetValue(atom.Code, out var known))
        {
            return known;
        }

        var unit = atom.Definition.Length == 0 ? Unit.OfBase(atom.Code) : UnitParser.Parse(atom.Definition) ?? throw new InvalidOperationException("The table defines " + atom.Code + " by what is no unit: " + atom.Definition);
        unit = unit.Scaled(Ratio.Of(atom.Factor) * Ten(atom.Power)) with { Offset = Ratio.Of(atom.Offset) };
        return Built[atom.Code] = unit;
    }

    private static Ratio Ten(int power) => Ratio.Of(10).Power(power);

    private static Ratio Two(int power) => Ratio.Of(2).Power(power);

    private static Dictionary<string, Ratio> ReadPrefixes()
    {
        const string Tens = "Y24 Z21 E18 P15 T12 G9 M6 k3 h2 da1 d-1 c-2 m-3 u-6 n-9 p-12 f-15 a-18 z-21 y-24";
        const string Twos = "Ki10 Mi20 Gi30 Ti40";
        var prefixes = new Dictionary<string, Ratio>(StringComparer.Ordinal);
        foreach (var entry in Tens.Split(' '))
        {
            var digits = entry.AsSpan().IndexOfAnyInRange('-', '9');
            prefixes.Add(entry[..digits], Ten(int.Parse(entry[digits..], CultureInfo.InvariantCulture)));
        }

        foreach (var entry in Twos.Split(' '))
        {
            prefixes.Add(entry[..2], Two(int.Parse(entry[2..], CultureInfo.InvariantCulture)));
        }

        return prefixes;
    }

    private static Dictionary<string, Atom> Read()
    {
        var atoms = new Dictionary<string, Atom>(StringComparer.Ordinal);
        foreach (var line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var number = parts.Length > 2 ? parts[2].Split('e') : ["1"];
            atoms.Add(parts[0], new Atom(
                parts[0],
                parts[1] == "metric",
                decimal.Parse(number[0], CultureInfo.InvariantCulture),
                number.Length > 1 ? int.Parse(number[1], CultureInfo.InvariantCulture) : 0,
                parts.Length > 3 ? parts[3] : "",
                parts.Length > 4 ? decimal.Parse(parts[4], CultureInfo.InvariantCulture) : 0));
        }

        return atoms;
    }

    /// <param name="IsMetric">Takes prefixes.</param>
    /// <param name="Definition">The unit it is a multiple of; empty for a unit of its own kind.</param>
    private sealed record Atom(string Code, bool IsMetric, decimal Factor, int Power, string Definition, decimal Offset);
}
