using Mach.Data.Sealing;
using Mach.Store.Sealing;

namespace Mach.Intake.Keeping;

/// <summary>What is kept of received dossiers is sealed like the record itself, each value bound to its row.</summary>
internal static class Kept
{
    public const string Part = "int_part", Line = "int_line", Version = "int_version";

    public static IReadOnlyList<SealedTable> Tables { get; } =
    [
        new(Part, "receipt", "n", ["bytes"]),
        new(Line, "receipt", "position", ["findings", "bytes"]),
        new(Version, "dossier", "version", ["findings", "bytes"]),
    ];

    public static byte[]? Seal(KeyRing keys, string table, string column, string key, long number, byte[]? packed) =>
        packed is null ? null : keys.Seal(SealedTable.Place(table, column, key, number), packed);

    /// <exception cref="InvalidDataException">Changed, or moved from another row.</exception>
    public static byte[]? Open(KeyRing keys, string table, string column, string key, long number, byte[]? kept) =>
        kept is null ? null : keys.Open(SealedTable.Place(table, column, key, number), kept);

    /// <summary>The bytes as they were received; null when none are kept here.</summary>
    /// <exception cref="InvalidDataException">Changed, or moved from another row.</exception>
    public static byte[]? Bytes(KeyRing keys, string table, string key, long number, byte[]? kept) =>
        Open(keys, table, "bytes", key, number, kept) is { } packed ? KeptBytes.Unpack(packed) : null;
}
