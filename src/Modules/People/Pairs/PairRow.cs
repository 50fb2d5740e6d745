using System.Globalization;
using Mach.People.Matching;

namespace Mach.People.Pairs;

/// <summary>One row of ppl_pair: two Patients that may be one person.</summary>
public sealed record PairRow
{
    public const string Waiting = "waiting";
    public const string Later = "later";
    public const string Same = "same";
    public const string Different = "different";
    /// <summary>Linked once and taken apart again: like "different", it is asked no more.</summary>
    public const string Undone = "undone";

    /// <summary>The smaller id (byte order).</summary>
    public string PatientA { get; init; } = "";
    public string PatientB { get; init; } = "";
    public string State { get; init; } = "";
    public double Bits { get; init; }
    /// <summary>field:level:bits, blank between.</summary>
    public string Reasons { get; init; } = "";
    public string Weights { get; init; } = "";
    public long AtUs { get; init; }

    public string Other(string patient) => patient == PatientA ? PatientB : PatientA;

    internal IReadOnlyList<(string Field, string Level, double Bits)> ReadReasons() =>
        [.. Reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split(':')).Where(p => p.Length == 3)
            .Select(p => (p[0], p[1], double.Parse(p[2], CultureInfo.InvariantCulture)))];

    internal static (string A, string B) Order(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);

    internal static PairRow Of(string one, string other, string state, Judgement judgement, string weights, long atUs)
    {
        var (a, b) = Order(one, other);
        return new PairRow
        {
            PatientA = a,
            PatientB = b,
            State = state,
            Bits = Math.Round(judgement.Bits, 2),
            Reasons = string.Join(' ', judgement.Contributions.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Field.ToString().ToLowerInvariant()}:{Level.NameOf(c.Field, c.Level)}:{c.Bits:0.0}"))),
            Weights = weights,
            AtUs = atUs,
        };
    }
}

/// <summary>One row of ppl_verdict.</summary>
public sealed record VerdictRow
{
    /// <summary>1, 2, 3 …</summary>
    public long No { get; init; }
    public string PatientA { get; init; } = "";
    public string PatientB { get; init; } = "";
    public long AtUs { get; init; }
    /// <summary>same, different, later or undone.</summary>
    public string Verdict { get; init; } = "";
    public string Officer { get; init; } = "";
    public string Why { get; init; } = "";
    public double Bits { get; init; }
}
