using System.Globalization;
using System.Reflection;
using System.Resources;

namespace Mach.Ui;

/// <summary>The words of one room: <c>Resources/Text.resx</c> (Vietnamese) and <c>Resources/Text.en.resx</c> (English) of an assembly.</summary>
/// <param name="assembly">The assembly whose resources are read; its resource base name is <c>{assembly name}.Resources.Text</c>.</param>
public sealed class Texts(Assembly assembly)
{
    private readonly ResourceManager _resources = new($"{assembly.GetName().Name}.Resources.Text", assembly);

    /// <summary>The word in the language of the request. A missing key shows itself in brackets, and fails a test.</summary>
    public string this[string key] => _resources.GetString(key, CultureInfo.CurrentUICulture) ?? $"[{key}]";

    /// <summary>The word in a given language.</summary>
    public string In(string language, string key) => _resources.GetString(key, new CultureInfo(language)) ?? $"[{key}]";

    /// <summary>The sentence with its places filled, numbers in the invariant form.</summary>
    public string Format(string key, params object?[] values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary>The word when the room has it; null otherwise. For words that follow from received codes.</summary>
    public string? Find(string key) => _resources.GetString(key, CultureInfo.CurrentUICulture);

    /// <summary>True when the request is to be answered in English.</summary>
    public static bool IsEnglish => CultureInfo.CurrentUICulture.Name.StartsWith("en", StringComparison.Ordinal);
}
