using Microsoft.AspNetCore.Http;

namespace Mach.Ui.Finding;

/// <summary>Something that may be meant by what was typed.</summary>
/// <param name="Href">Path of the page that shows it.</param>
/// <param name="Title">Its name, in the language of the request.</param>
public sealed record SearchHit(string Href, string Title)
{
    /// <summary>What tells it from others of the name.</summary>
    public string? Under { get; init; }
    /// <summary>Its code, when it has one.</summary>
    public string? Code { get; init; }
    public bool IsConfidential { get; init; }
    public bool IsTest { get; init; }
}

/// <summary>What one source found, best first.</summary>
/// <param name="Title">What the hits are, in the language of the request.</param>
public sealed record SearchGroup(string Title, IReadOnlyList<SearchHit> Hits)
{
    /// <summary>Path of the page that lists all of them, and more about each; null when there is none.</summary>
    public string? Page { get; init; }
    /// <summary>There are more than these.</summary>
    public bool HasMore { get; init; }
}

/// <summary>What is asked: by whom, and for what.</summary>
/// <param name="Text">As typed, trimmed; empty = nothing yet, and a source may offer what this caller is likely to want.</param>
public sealed record SearchAsked(string Text, HttpContext Http)
{
    /// <summary>Hits of one source at most.</summary>
    public const int Shown = 6;
}

/// <summary>
/// A room's part of the search over everything (Ctrl+K). A source answers within what the caller may see, and never more than the pages behind its hits would show;
/// it is asked while one types: some tens of milliseconds at most.
/// </summary>
public interface ISearchSource
{
    /// <summary>Order among the groups, small first: people 10, pages 20, units 30, codes 40.</summary>
    int Place { get; }

    /// <summary>Null when the caller may not ask it, or nothing fits.</summary>
    ValueTask<SearchGroup?> FindAsync(SearchAsked asked, CancellationToken ct);
}
