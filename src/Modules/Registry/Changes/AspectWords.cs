namespace Mach.Registry.Changes;

/// <summary>The name of an aspect in the language of the page: the word before the colon is translated, what follows names a hierarchy, a source or a code.</summary>
internal static class AspectWords
{
    public static string Of(string aspect)
    {
        var cut = aspect.IndexOf(':', StringComparison.Ordinal);
        var (word, rest) = cut < 0 ? (aspect, "") : (aspect[..cut], aspect[(cut + 1)..]);
        if (word == "measure")
        {
            var what = rest.Split(':', 2);
            return $"{Words.T.Find(what[0]) ?? what[0]} · {what[^1]}";
        }

        var name = Words.T.Find("aspect-" + word) ?? Words.T.Find(word) ?? word;
        return rest.Length == 0 ? name : $"{name} · {Words.T.Find("hierarchy-" + rest) ?? rest}";
    }
}
