namespace Mach.Data;

/// <summary>
/// What the rows that a connection shows are held against by the database itself, beside what a statement says (PostgreSQL's row-level security):
/// settings of the session, by name.
/// </summary>
/// <param name="Key">Changes with the settings.</param>
/// <param name="Sql">Statement that sets them all.</param>
/// <param name="Values">Its parameters, in order, as p0, p1, …</param>
public sealed record Wall(string Key, string Sql, IReadOnlyList<string> Values);
