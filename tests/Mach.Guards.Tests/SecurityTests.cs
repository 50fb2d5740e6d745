using System.Diagnostics;

namespace Mach.Guards.Tests;

/// <summary>What the house leaves out, so that nobody has to look for it. Each guard has a twin that must fail.</summary>
public sealed class SecurityTests
{
    [Fact]
    public void Calls_to_other_machines_leave_by_two_doors() => Assert.Empty(SecurityRules.Outgoing(House.Sources));

    [Fact]
    public void Twin_a_call_from_elsewhere_is_caught() =>
        Assert.NotEmpty(SecurityRules.Outgoing([new SourceFile("src/Modules/Chart/X.cs", "using var http = new HttpClient();")]));

    [Fact]
    public void Pages_write_text_and_no_markup_of_their_own() => Assert.Empty(SecurityRules.Markup(House.Sources));

    [Fact]
    public void Twin_raw_markup_is_caught() =>
        Assert.NotEmpty(SecurityRules.Markup([new SourceFile("src/Mach.Ui/X.razor", "@((MarkupString)Name)")]));

    [Fact]
    public void Old_and_home_made_cryptography_is_not_used() => Assert.Empty(SecurityRules.Cryptography(House.Sources));

    [Theory]
    [InlineData("src/Mach.Store/X.cs", "SHA1.HashData(x)"), InlineData("src/Mach.Store/X.cs", "new Random()"), InlineData("src/Mach.Access/X.cs", "MD5.HashData(x)"), InlineData("src/Mach.Store/X.cs", "CipherMode.ECB")]
    public void Twin_an_old_hash_or_a_guessable_number_is_caught(string path, string text) =>
        Assert.NotEmpty(SecurityRules.Cryptography([new SourceFile(path, text)]));

    [Fact]
    public void Whatever_uses_a_key_stands_in_the_inventory() => Assert.Empty(SecurityRules.Unlisted(House.Sources, File.ReadAllText(Path.Combine(House.Root, "docs/security/asvs/v11-cryptography.md"))));

    [Fact]
    public void Twin_a_key_that_is_not_listed_is_caught() =>
        Assert.NotEmpty(SecurityRules.Unlisted([new SourceFile("src/Modules/Chart/X.cs", "using var cipher = new AesGcm(key, 16);")], "`Y`"));

    [Fact]
    public void Nothing_that_runs_a_program_or_makes_types_from_input_is_used() => Assert.Empty(SecurityRules.Execution(House.Sources));

    [Fact]
    public void Twin_a_started_program_is_caught() =>
        Assert.NotEmpty(SecurityRules.Execution([new SourceFile("src/Modules/Intake/X.cs", "Process.Start(name)")]));

    /// <summary>Every file that git keeps, whatever its kind.</summary>
    [Fact]
    public void No_secret_lies_in_the_repository() => Assert.Empty(SecurityRules.Secrets(Kept()));

    [Theory]
    [InlineData("-----BEGIN " + "EC PRIVATE KEY-----\nMHcCAQ"), InlineData("-----BEGIN " + "PRIVATE KEY-----\nMIGH"), InlineData("AKIA" + "ABCDEFGHIJKLMNOP"), InlineData("gh" + "p_abcdefghijklmnopqrstuvwxyz0123456789"), InlineData("Host=db;Username=mach;Password=" + "q8Zt5rT1vX9k")]
    public void Twin_a_key_in_a_file_is_caught(string text) => Assert.NotEmpty(SecurityRules.Secrets([new SourceFile("src/x.json", text)]));

    private static IEnumerable<SourceFile> Kept() =>
        Names().Select(name => (Name: name, File: new FileInfo(Path.Combine(House.Root, name)))).Where(f => f.File is { Exists: true, Length: < 4_000_000 }).Select(f => new SourceFile(f.Name, File.ReadAllText(f.File.FullName)));

    /// <summary>Paths below the root of what git keeps or would take.</summary>
    internal static IReadOnlyList<string> Names()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-co", "--exclude-standard", "-z"]) { WorkingDirectory = House.Root, RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var names = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.True(names.Length > 300);
        return names;
    }
}
