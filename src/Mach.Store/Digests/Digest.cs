namespace Mach.Store;

/// <summary>
/// What somebody makes of a stored version, and may be kept in memory under the version's number: nothing but the version itself goes into it, and nothing changes it
/// afterwards. A reader whose words depend on the language is one digest for each language.
/// </summary>
/// <param name="type">Resource type of the versions.</param>
/// <param name="read">Null when a version says nothing that is wanted; that is kept too.</param>
public sealed class Digest<T>(string type, Func<StoredResource, T?> read) where T : class
{
    public string Type => type;

    internal T? Read(StoredResource version) => read(version);
}

/// <summary>Which of the records of some people are wanted: heads of one type, newest clinical date first.</summary>
/// <param name="Patients">Ids of Patients.</param>
/// <param name="Most">No more than so many heads, over all the people.</param>
public sealed record DigestQuery(IReadOnlyList<string> Patients, int Most)
{
    /// <summary>Only what holds one of some values ("system|code") of a token parameter of the type; null = all of the type.</summary>
    public (string Parameter, IReadOnlyList<string> Values)? Token { get; init; }
}

/// <param name="Items">Newest first, without those that say nothing.</param>
/// <param name="IsWhole">There are no older ones.</param>
public sealed record DigestPage<T>(IReadOnlyList<T> Items, bool IsWhole);
