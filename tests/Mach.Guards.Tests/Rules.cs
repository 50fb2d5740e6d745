using System.Text.RegularExpressions;

namespace Mach.Guards.Tests;

/// <summary>The rules of the house as functions from what is there to what is wrong; docs/architecture.md says why each exists.</summary>
internal static partial class Rules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Mach.Kernel"] = [],
        ["Mach.Fhir"] = ["Mach.Kernel"],
        ["Mach.Fhir.Types"] = [],
        ["Mach.Vietnam"] = ["Mach.Kernel"],
        ["Mach.Data"] = ["Mach.Kernel"],
        ["Mach.Contracts"] = ["Mach.Kernel", "Mach.Data"],
        ["Mach.Store"] = ["Mach.Kernel", "Mach.Fhir", "Mach.Data"],
        ["Mach.Access"] = ["Mach.Kernel", "Mach.Data"],
        ["Mach.Ui"] = ["Mach.Kernel", "Mach.Vietnam", "Mach.Access"],
        ["Mach.FhirApi"] = ["Mach.Kernel", "Mach.Fhir", "Mach.Fhir.Types", "Mach.Vietnam", "Mach.Store", "Mach.Access", "Mach.Data", "Mach.Contracts"],
        ["Mach.Demo"] = ["Mach.Kernel", "Mach.Vietnam"],
    };

    private static readonly string[] Foundation =
        ["Mach.Kernel", "Mach.Fhir", "Mach.Fhir.Types", "Mach.Vietnam", "Mach.Data", "Mach.Store", "Mach.Access", "Mach.Contracts", "Mach.Ui"];

    /// <summary>Prefix of the tables that a room owns.</summary>
    private static readonly Dictionary<string, string> TablePrefixes = new(StringComparer.Ordinal)
    {
        ["src/Mach.Access/"] = "acc_",
        ["src/Mach.Server/"] = "srv_",
        ["src/Modules/Registry/"] = "reg_",
        ["src/Modules/People/"] = "ppl_",
        ["src/Modules/Intake/"] = "int_",
        ["src/Modules/Chart/"] = "cha_",
        ["src/Modules/Trust/"] = "tru_",
        ["src/Modules/Care/"] = "car_",
        ["src/Modules/Indicators/"] = "ind_",
    };

    /// <summary>A module references the foundation only, never another module; only Mach.Server references modules.</summary>
    public static IEnumerable<string> References(IReadOnlyList<ProjectFile> projects)
    {
        foreach (var project in projects.Where(p => p.Folder.StartsWith("src/", StringComparison.Ordinal) && p.Name != "Mach.Server"))
        {
            var allowed = project.Folder.StartsWith("src/Modules/", StringComparison.Ordinal) ? Foundation
                : Allowed.TryGetValue(project.Name, out var some) ? some
                : throw new InvalidOperationException($"{project.Name} is a new room: say in Rules.Allowed what it may touch.");
            foreach (var reference in project.Projects.Except(allowed))
            {
                yield return $"{project.Name} may not reference {reference}";
            }
        }
    }

    /// <summary>Only Mach.Data knows a database driver.</summary>
    public static IEnumerable<string> Drivers(IReadOnlyList<ProjectFile> projects, IReadOnlyList<SourceFile> sources)
    {
        foreach (var project in projects.Where(p => p.Folder.StartsWith("src/", StringComparison.Ordinal) && p.Name != "Mach.Data"))
        {
            foreach (var package in project.Packages.Where(p => DriverName().IsMatch(p)))
            {
                yield return $"{project.Name} references the driver {package}";
            }
        }

        foreach (var file in Product(sources).Where(f => !f.Path.StartsWith("src/Mach.Data/", StringComparison.Ordinal) && DriverUse().IsMatch(f.Text)))
        {
            yield return $"{file.Path} uses a database driver";
        }
    }

    /// <summary>Kernel, Fhir and Vietnam have no I/O, no clock and no web framework.</summary>
    public static IEnumerable<string> Purity(IReadOnlyList<SourceFile> sources) =>
        from file in Product(sources)
        where file.Path.StartsWith("src/Mach.Kernel/", StringComparison.Ordinal) || file.Path.StartsWith("src/Mach.Fhir/", StringComparison.Ordinal) || file.Path.StartsWith("src/Mach.Vietnam/", StringComparison.Ordinal)
        let match = Impure().Match(file.Text)
        where match.Success
        select $"{file.Path} is not pure: {match.Value}";

    /// <summary>SQL of a room names only the tables with its own prefix; the record tables belong to Mach.Store.</summary>
    public static IEnumerable<string> Tables(IReadOnlyList<SourceFile> sources)
    {
        foreach (var file in Product(sources))
        {
            var prefix = TablePrefixes.FirstOrDefault(p => file.Path.StartsWith(p.Key, StringComparison.Ordinal)).Value;
            if (prefix is null)
            {
                continue;
            }

            var ownNames = WithName().Matches(file.Text).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (Match match in SqlTable().Matches(file.Text))
            {
                var table = match.Groups[1].Value;
                if (!table.StartsWith(prefix, StringComparison.Ordinal) && !ownNames.Contains(table) && table != "excluded")
                {
                    yield return $"{file.Path} touches the table {table}; its own begin with {prefix}";
                }
            }
        }
    }

    /// <summary>No file is so long that a reader would find two rooms in it: 400 lines for code, 800 for tests.</summary>
    public static IEnumerable<string> Lengths(IReadOnlyList<SourceFile> sources) =>
        from file in sources
        let lines = file.Text.Count(c => c == '\n')
        where !file.Path.EndsWith(".g.cs", StringComparison.Ordinal) && lines > (file.Path.StartsWith("src/", StringComparison.Ordinal) ? 400 : 800)
        select $"{file.Path} has {lines} lines";

    /// <summary>Nothing unfinished is left in the product.</summary>
    public static IEnumerable<string> Leftovers(IReadOnlyList<SourceFile> sources) =>
        from file in Product(sources)
        let match = Unfinished().Match(file.Text)
        where match.Success
        select $"{file.Path}: {match.Value}";

    /// <summary>Pages obey the strict content security policy: no inline script, style or handler.</summary>
    public static IEnumerable<string> InlineCode(IReadOnlyList<SourceFile> sources) =>
        from file in Product(sources)
        where file.Path.EndsWith(".razor", StringComparison.Ordinal)
        let match = Inline().Match(file.Text)
        where match.Success
        select $"{file.Path}: {match.Value}";

    private static IEnumerable<SourceFile> Product(IReadOnlyList<SourceFile> sources) => sources.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal));

    [GeneratedRegex(@"^(Npgsql|Microsoft\.Data\.Sqlite|SQLitePCLRaw)")]
    private static partial Regex DriverName();

    [GeneratedRegex(@"\b(using (Npgsql|Microsoft\.Data\.Sqlite|SQLitePCL)|Npgsql\.|Microsoft\.Data\.Sqlite\.|SQLitePCL\.)")]
    private static partial Regex DriverUse();

    [GeneratedRegex(@"\b(TimeProvider|DateTime(Offset)?\.(Utc)?Now|File\.(Open|Read|Write|Exists|Create|Delete)\w*|FileStream|Directory\.\w+|HttpClient|DbConnection|Microsoft\.AspNetCore|Environment\.GetEnvironmentVariable)\b")]
    private static partial Regex Impure();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE(?: IF NOT EXISTS)?)\s+([a-z][a-z0-9_]*)\b")]
    private static partial Regex SqlTable();

    [GeneratedRegex(@"\b(?:WITH(?: RECURSIVE)?|,)\s+([a-z][a-z0-9_]*)\s*(?:\([^)]*\))?\s+AS\s*\(")]
    private static partial Regex WithName();

    [GeneratedRegex(@"NotImplementedException|#region|\bHACK\b|TODO(?!\(#)")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)[^>]*>|\son(click|change|submit|load|input)=""|\sstyle=""")]
    private static partial Regex Inline();
}
