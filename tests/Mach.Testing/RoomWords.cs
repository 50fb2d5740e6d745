using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;

namespace Mach.Testing;

/// <summary>The words of a room, in both languages.</summary>
public static partial class RoomWords
{
    /// <summary>Vietnamese and English have the same keys, none empty, with the same places to fill.</summary>
    /// <param name="room">Name of the assembly.</param>
    public static void AssertBothLanguages(string room)
    {
        var (vi, en) = (Read(room, CultureInfo.InvariantCulture), Read(room, new CultureInfo("en")));
        Assert.Equal(vi.Keys.Order(StringComparer.Ordinal), en.Keys.Order(StringComparer.Ordinal));
        Assert.All(vi, word =>
        {
            Assert.NotEqual("", word.Value);
            Assert.Equal(Places().Matches(word.Value).Select(m => m.Value).Distinct().Order(), Places().Matches(en[word.Key]).Select(m => m.Value).Distinct().Order());
        });
    }

    private static Dictionary<string, string> Read(string room, CultureInfo culture)
    {
        var resources = new ResourceManager(room + ".Resources.Text", Assembly.Load(room)).GetResourceSet(culture, createIfNotExists: true, tryParents: false);
        Assert.NotNull(resources);
        return resources.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Places();
}
