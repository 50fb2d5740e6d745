using Mach.Data;
using Mach.People.Matching;

namespace Mach.People.Profiles;

/// <summary>A row of ppl_profile.</summary>
public sealed record ProfileRow
{
    public long N { get; init; }
    public string Patient { get; init; } = "";
    public int Version { get; init; }
    public byte[] Facts { get; init; } = [];
    public long Swept { get; init; }
    /// <summary>Her name as RelatedPersons say it; empty when none does.</summary>
    public string Mother { get; init; } = "";

    /// <summary>What the Patient itself says.</summary>
    internal PersonFacts ReadOwn() => PersonFacts.Decode(Facts);

    /// <summary>What is compared: where the Patient names no mother, the one of the RelatedPersons.</summary>
    internal PersonFacts Read() => With(ReadOwn());

    /// <summary>Facts of the Patient with the mother who is said elsewhere, where they name none.</summary>
    internal PersonFacts With(PersonFacts own) => own.Mother.Length == 0 && Mother.Length > 0 ? own with { Mother = Mother } : own;
}

/// <summary>The rows that a Patient has in ppl_profile and ppl_block.</summary>
internal static class Profile
{
    /// <summary>Number of a Patient in the tables of this room. Two of four million ids share one with a chance of one in two million; then one of them is not found.</summary>
    public static long NumberOf(string patient) => BlockingKeys.Hash("patient|" + patient);

    /// <summary>Of what is compared.</summary>
    public static long HashOf(ProfileRow row) => BlockingKeys.Hash(Convert.ToBase64String(row.Facts) + (row.Mother.Length > 0 ? "|" + row.Mother : ""));

    /// <summary>Rows for a commit: none when nothing that is compared has changed.</summary>
    /// <param name="before">Facts of the version before; null for a new Patient.</param>
    public static IEnumerable<TableRows> Rows(string patient, int version, PersonFacts now, PersonFacts? before)
    {
        var facts = now.Encode();
        if (before is not null && before.Encode().AsSpan().SequenceEqual(facts))
        {
            yield break;
        }

        var n = NumberOf(patient);
        yield return new TableRows(
            "ppl_profile",
            [("n", ColumnType.BigInt), ("patient", ColumnType.Text), ("version", ColumnType.Integer), ("facts", ColumnType.Bytes)],
            [[n, patient, version, facts]],
            ["n"]);
        if (Blocks(n, now, before) is { } blocks)
        {
            yield return blocks;
        }
    }

    /// <summary>The keys that these facts have and those before had not; null when there are none.</summary>
    public static TableRows? Blocks(long n, PersonFacts now, PersonFacts? before)
    {
        var known = before is null ? [] : BlockingKeys.Of(new Candidate(before));
        var added = BlockingKeys.Of(new Candidate(now)).Except(known).Select(h => new object?[] { h, n }).ToList();
        return added.Count == 0 ? null : new TableRows("ppl_block", [("h", ColumnType.BigInt), ("n", ColumnType.BigInt)], added, ["h", "n"]);
    }
}
