namespace Mach.Store.Sealing;

/// <summary>A module's table with columns that are sealed (<see cref="Data.Sealing.KeyRing.Seal(string, byte[])"/>); its rows are found by a text and a number.</summary>
/// <param name="Columns">Bytes; null stays null.</param>
public sealed record SealedTable(string Name, string Key, string Number, IReadOnlyList<string> Columns)
{
    /// <summary>Where a value lies, for sealing and opening.</summary>
    public static string Place(string table, string column, string key, long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{table}.{column}|{key}|{number}");
}
