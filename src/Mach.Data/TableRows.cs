namespace Mach.Data;

public enum ColumnType { Text, BigInt, Integer, Bytes, Double }

/// <summary>Rows for a module's own table, written in the same transaction as a commit of the record store.</summary>
/// <param name="Table">Table name; must carry the module's prefix.</param>
/// <param name="Columns">Column names and types, in the order of the values.</param>
/// <param name="Rows">One array per row; null, string, long, int, double or byte[].</param>
/// <param name="Upsert">Key columns: a row with the same key is replaced. Empty = plain insert, a duplicate fails the commit.</param>
public sealed record TableRows(string Table, IReadOnlyList<(string Name, ColumnType Type)> Columns, IReadOnlyList<object?[]> Rows, IReadOnlyList<string> Upsert);
