namespace Mach.Demo;

/// <summary>
/// A reproducible stream of chance. Every fact of the demonstration has its own stream, named by what it is about, so that one
/// person's life does not change when another's does. SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine and runtime.
/// </summary>
internal sealed class Dice
{
    private ulong _state;

    private Dice(ulong state) => _state = state;

    /// <param name="seed">Seed of the province.</param>
    /// <param name="who">Index of the person, household or thing.</param>
    /// <param name="stream">What is being decided; see <see cref="Streams"/>.</param>
    /// <param name="time">Further part of the name, such as a day number.</param>
    public static Dice For(ulong seed, long who, Streams stream, long time = 0) =>
        new(Mix(Mix(Mix(seed + 0x51ED270B0F2A1C37UL) ^ (ulong)who) + ((ulong)(int)stream << 40) ^ (ulong)time * 0x9E3779B97F4A7C15UL));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>0 ≤ result &lt; <paramref name="count"/>.</summary>
    public int Below(int count) => (int)((Next() >> 32) * (ulong)count >> 32);

    /// <summary>Both ends may come up.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>0 ≤ result &lt; 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>About normal with mean 0 and deviation 1, between -3.5 and 3.5 (sum of uniform numbers; no tail that would look like an error).</summary>
    public double Normal()
    {
        var sum = 0.0;
        for (var i = 0; i < 6; i++)
        {
            sum += Unit();
        }

        return (sum - 3) * 1.4142135623730951;
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>An early one is likelier than a late one.</summary>
    public T PickEarly<T>(IReadOnlyList<T> from) => from[Math.Min(Below(from.Count), Below(from.Count))];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>Names of the streams of <see cref="Dice"/>.</summary>
internal enum Streams
{
    Household = 1,
    Person,
    Conditions,
    Chronic,
    Acute,
    Epidemic,
    Stay,
    Pregnancy,
    Course,
    Visit,
    Lab,
    LabBase,
    Regimen,
    Defect,
    Death,
    CheckIn,
    Staff,
    Double,
    Licence,
    Means,
}
