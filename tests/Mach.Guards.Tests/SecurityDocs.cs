using System.Text.RegularExpressions;

namespace Mach.Guards.Tests;

/// <summary>What docs/security names in backticks and links has to be there: paths, files, tests by class and name, types. A name that ends with … is a beginning.</summary>
internal static partial class SecurityDocs
{
    private static readonly string[] Roots = [".ci/", "bench/", "docs/", "src/", "tests/", "tools/", "Mach."];

    /// <summary>What is named and not there, as "file: name".</summary>
    public static IEnumerable<string> Missing(IEnumerable<SourceFile> documents, Checkout house) =>
        from document in documents
        from name in NamedBy(document)
        where !house.Has(name)
        select $"{document.Path}: {name}";

    /// <summary>".Method…" after "Class.Method" on the same line is of the same class; links are named by their path below the root.</summary>
    private static IEnumerable<string> NamedBy(SourceFile document)
    {
        foreach (var line in document.Text.Split('\n'))
        {
            var last = "";
            foreach (Match span in Span().Matches(line))
            {
                var name = span.Groups[1].Value;
                if (name.StartsWith('.') && TestMethod().IsMatch(last + name))
                {
                    yield return last + name;
                }
                else if (Roots.Any(r => name.StartsWith(r, StringComparison.Ordinal) && name.Contains('/')) || FileName().IsMatch(name) || TypeOrMember().IsMatch(name))
                {
                    last = name.Split('.')[0].EndsWith("Tests", StringComparison.Ordinal) ? name.Split('.')[0] : last;
                    yield return name;
                }
            }

            foreach (Match link in Link().Matches(line))
            {
                var target = new Uri(new Uri("file:///" + document.Path), link.Groups[1].Value);
                yield return target.AbsolutePath[1..];
            }
        }
    }

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[\w.-]+\.(cs|razor|json|ts|sql|md|txt|mjs)$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^\w+Tests\.\w")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]+Tests(\.\w+…?)?$|^[A-Z][a-z][A-Za-z0-9]+(\.[A-Z]\w+…?)?$")]
    private static partial Regex TypeOrMember();
}

/// <summary>Paths, file names, types with their members, and words of the checkout.</summary>
internal sealed partial class Checkout
{
    private readonly List<string> _paths;
    private readonly HashSet<string> _names;
    private readonly ILookup<string, string> _textByType;
    private readonly HashSet<string> _words;
    private readonly string _settings;

    public Checkout(IEnumerable<string> paths, IReadOnlyList<SourceFile> sources)
    {
        _paths = [.. paths];
        _names = [.. _paths.Select(p => p.Split('/')[^1])];
        _textByType = sources.SelectMany(s => Declared(s).Select(type => (type, s.Text))).ToLookup(d => d.type, d => d.Text, StringComparer.Ordinal);
        // Files of the data folder are named in the sources alone.
        _settings = string.Join('\n', sources.SelectMany(s => Setting().Matches(s.Text).Select(m => m.Value)).Distinct());
        _words = [.. sources.SelectMany(s => Word().Matches(s.Text).Select(m => m.Value))];
    }

    public bool Has(string name)
    {
        if (name.Contains('/') || name.Contains('…') && !name.Contains('.'))
        {
            return HasPath(name);
        }

        var parts = name.Split('.', 2);
        return _names.Contains(name) || _settings.Contains("\"" + name + "\"", StringComparison.Ordinal) || (parts.Length == 2
            ? _textByType[parts[0]].Any(text => Regex.IsMatch(text, @"\b" + Regex.Escape(parts[1].TrimEnd('…')) + (parts[1].EndsWith('…') ? "" : @"\b")))
            : parts[0].EndsWith("Tests", StringComparison.Ordinal) ? _textByType.Contains(name) : _words.Contains(name));
    }

    /// <summary>A room may be named without the src before it.</summary>
    private bool HasPath(string name) => name.StartsWith("Mach.", StringComparison.Ordinal) ? HasPath("src/" + name) : name.EndsWith('…')
        ? _paths.Exists(p => p.StartsWith(name[..^1], StringComparison.Ordinal))
        : _paths.Exists(p => p == name || p.StartsWith(name.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static IEnumerable<string> Declared(SourceFile source) =>
        source.Path.EndsWith(".razor", StringComparison.Ordinal) ? [Path.GetFileNameWithoutExtension(source.Path)] : Type().Matches(source.Text).Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) ([A-Z]\w*)")]
    private static partial Regex Type();

    [GeneratedRegex("\"[a-z.-]+\\.(json|jsonl|key|secret|pem)\"")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\b[A-Z]\w+")]
    private static partial Regex Word();
}
