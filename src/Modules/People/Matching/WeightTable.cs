using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mach.People.Matching;

/// <summary>Whose pair it may be.</summary>
internal enum PairKind { Match, Household, Stranger }

/// <summary>
/// What was learned: how often each level of agreement occurs among records of one person, of two people of one household, and of strangers;
/// how common names are; and where to link and where to ask. A version is never changed; a new one takes its place.
/// </summary>
/// <remarks>Fellegi and Sunter 1969, with the unmatched pairs in two kinds: a twin or a namesake father agrees in most fields without being the same person.</remarks>
internal sealed class WeightTable
{
    public const int Kinds = 3;

    /// <summary>Nothing is impossible: the least chance a level is given.</summary>
    public const double Floor = 1e-7;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly double[] _chances;

    public WeightTable(double[] chances, NameFrequencies names, string version)
    {
        (_chances, Names, Version) = (chances, names, version);
        Logs = [.. chances.Select(c => Math.Log2(Math.Max(c, Floor)))];
    }

    /// <summary>The table that ships (Data/weights.json).</summary>
    public static WeightTable Shipped { get; } = ReadShipped();

    public NameFrequencies Names { get; }

    /// <summary>Date and source of the learning.</summary>
    public string Version { get; }

    /// <summary>Pairs that it was learned from.</summary>
    public long Pairs { get; init; }

    /// <summary>From this weight (log2 of the odds for one person) two records are linked without asking.</summary>
    public double LinkBits { get; init; } = 10;

    /// <summary>From this weight somebody is asked.</summary>
    public double AskBits { get; init; } = 2;

    private double[] Logs { get; }

    public double Chance(Field field, byte level, PairKind kind) => _chances[At((int)field, level, (int)kind)];

    public double Log(Field field, byte level, PairKind kind) => Logs[At((int)field, level, (int)kind)];

    public static int At(int field, int level, int kind) => ((field * Level.Count) + level) * Kinds + kind;

    public byte[] Write()
    {
        var fields = new JsonObject();
        foreach (var field in Enum.GetValues<Field>())
        {
            var levels = new JsonObject();
            foreach (var (level, name) in Level.Of(field))
            {
                levels[name] = new JsonArray([.. Enum.GetValues<PairKind>().Select(kind => (JsonNode)Round(Chance(field, level, kind)))]);
            }

            fields[Name(field)] = levels;
        }

        var names = new JsonObject();
        foreach (var (field, part) in new[] { Field.Family, Field.Middle, Field.Given }.Zip(Names.Parts))
        {
            names[Name(field)] = new JsonObject(part.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        }

        var root = new JsonObject { ["version"] = Version, ["pairs"] = Pairs, ["linkBits"] = LinkBits, ["askBits"] = AskBits, ["chances"] = "match, household, stranger", ["fields"] = fields, ["names"] = names };
        return JsonSerializer.SerializeToUtf8Bytes(root, Readable);
    }

    /// <exception cref="FormatException">Not a weight table.</exception>
    public static WeightTable Read(ReadOnlySpan<byte> json)
    {
        var root = JsonNode.Parse(json) ?? throw new FormatException("Not a weight table.");
        var chances = new double[Level.Fields * Level.Count * Kinds];
        foreach (var field in Enum.GetValues<Field>())
        {
            foreach (var (level, name) in Level.Of(field))
            {
                var three = root["fields"]?[Name(field)]?[name] as JsonArray ?? throw new FormatException($"The weight table says nothing of {Name(field)} {name}.");
                for (var kind = 0; kind < Kinds; kind++)
                {
                    chances[At((int)field, level, kind)] = (double)three[kind]!;
                }
            }
        }

        return new WeightTable(WithUnknown(chances), new NameFrequencies([.. new[] { Field.Family, Field.Middle, Field.Given }.Select(f => Part(root["names"]![Name(f)]!))]), (string)root["version"]!)
        {
            Pairs = (long)root["pairs"]!,
            LinkBits = (double)root["linkBits"]!,
            AskBits = (double)root["askBits"]!,
        };
    }

    /// <summary>What one side does not know is as likely for everybody.</summary>
    public static double[] WithUnknown(double[] chances)
    {
        for (var field = 0; field < Level.Fields; field++)
        {
            for (var kind = 0; kind < Kinds; kind++)
            {
                chances[At(field, Level.Unknown, kind)] = 1;
            }
        }

        return chances;
    }

    private static Dictionary<string, double> Part(JsonNode part) => part.AsObject().ToDictionary(p => p.Key, p => (double)p.Value!, StringComparer.Ordinal);

    private static double Round(double chance) => chance == 0 ? 0 : double.Parse(chance.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Name(Field field) => field.ToString().ToLowerInvariant();

    private static WeightTable ReadShipped()
    {
        using var data = typeof(WeightTable).Assembly.GetManifestResourceStream("Mach.People.Data.weights.json")
            ?? throw new InvalidOperationException("The weight table is missing from the assembly.");
        using var copy = new MemoryStream();
        data.CopyTo(copy);
        return Read(copy.ToArray());
    }
}
