using Mach.Contracts.People;
using Mach.Kernel;

namespace Mach.People.Places;

/// <summary>The merger of July 2025: 479 units became 148 (Data/communes-2025.tsv). A unit that was split stands for none, unless the code decides.</summary>
/// <remarks>Source: NQ 1676/NQ-UBTVQH15 of 2025 on the commune-level units of Phú Thọ, as published by the General Statistics Office.</remarks>
internal sealed class CommuneHistory : ICommuneHistory
{
    private readonly HashSet<string> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byNameAndDistrict = new(StringComparer.Ordinal);

    public CommuneHistory()
    {
        using var data = typeof(CommuneHistory).Assembly.GetManifestResourceStream("Mach.People.Data.communes-2025.tsv")
            ?? throw new InvalidOperationException("The list of merged communes is missing from the assembly.");
        using var reader = new StreamReader(data);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var fields = line.Split('\t');
                _codes.Add(fields[0]);
                Add(_byName, Key(fields[1]), fields[0]);
                Add(_byName, Key(fields[3]), fields[0]);
                Add(_byNameAndDistrict, Key(fields[3]) + "|" + Key(fields[4]), fields[0]);
            }
        }
    }

    public string? Today(string? code, string? address)
    {
        var parts = (address ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Key).ToArray();
        // The code of a unit that lives on under it may be an old one's too: its name in the address decides.
        if (Written(parts) is { } written)
        {
            return written;
        }

        return code is not null && _codes.Contains(code.Trim()) ? code.Trim() : null;
    }

    /// <summary>The parts of the address that name neither a commune nor what lies above it: house, street, hamlet. Folded.</summary>
    public string Place(string? address)
    {
        var parts = (address ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var small = new List<string>();
        foreach (var part in parts)
        {
            if (_byName.ContainsKey(Key(part)) || IsAbove(part))
            {
                break;
            }

            small.Add(VietnameseText.Fold(part));
        }

        return string.Join(' ', small);
    }

    private string? Written(string[] parts)
    {
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (i + 1 < parts.Length && _byNameAndDistrict.TryGetValue(parts[i] + "|" + parts[i + 1], out var exact) && exact.Count == 1)
            {
                return exact.First();
            }

            if (_byName.TryGetValue(parts[i], out var named) && named.Count == 1)
            {
                return named.First();
            }
        }

        return null;
    }

    private static bool IsAbove(string part) => VietnameseText.Fold(part) is var folded
        && (folded.StartsWith("tinh ", StringComparison.Ordinal) || folded.StartsWith("huyen ", StringComparison.Ordinal) || folded.StartsWith("thanh pho ", StringComparison.Ordinal)
            || folded.StartsWith("thi xa ", StringComparison.Ordinal) || folded.StartsWith("xa ", StringComparison.Ordinal) || folded.StartsWith("phuong ", StringComparison.Ordinal));

    private static void Add(Dictionary<string, HashSet<string>> to, string key, string code)
    {
        if (!to.TryGetValue(key, out var codes))
        {
            to[key] = codes = new(StringComparer.Ordinal);
        }

        codes.Add(code);
    }

    /// <summary>The name of a unit without its marks; its type counts, in its short forms too ("P. Thanh Miếu").</summary>
    private static string Key(string name)
    {
        var folded = VietnameseText.Fold(name).Replace(". ", ".", StringComparison.Ordinal);
        foreach (var (abbreviated, whole) in new[] { ("p.", "phuong "), ("x.", "xa "), ("tt.", "thi tran "), ("tp.", "thanh pho "), ("tx.", "thi xa "), ("h.", "huyen "), ("tp ", "thanh pho "), ("tx ", "thi xa "), ("tt ", "thi tran ") })
        {
            if (folded.StartsWith(abbreviated, StringComparison.Ordinal))
            {
                return whole + folded[abbreviated.Length..].Trim();
            }
        }

        return folded;
    }
}
