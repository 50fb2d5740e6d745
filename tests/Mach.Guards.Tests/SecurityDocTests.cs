namespace Mach.Guards.Tests;

/// <summary>The tables of docs/security point at tests and files; one that was renamed or left out would prove nothing.</summary>
public sealed class SecurityDocTests
{
    private static readonly Lazy<Checkout> Here = new(() => new Checkout(SecurityTests.Names(), House.Sources));

    [Fact]
    public void What_the_security_documents_name_is_there()
    {
        var documents = SecurityTests.Names().Where(n => n.StartsWith("docs/security/", StringComparison.Ordinal) && n.EndsWith(".md", StringComparison.Ordinal))
            .Select(n => new SourceFile(n, File.ReadAllText(Path.Combine(House.Root, n)))).ToList();
        Assert.NotEmpty(documents);
        var missing = SecurityDocs.Missing(documents, Here.Value).ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [Theory]
    [InlineData("`SecurityDocTests.What_the_security_documents_name_is…`, `.Twin_what_is_there_is…`"), InlineData("`House`, `House.Root`"), InlineData("`GuardTests.cs`, `tests/Mach.Guards.Tests`, `docs/security/as…`"), InlineData("[ADR](../adr/0014-sign-in.md)"), InlineData("`GET /x`, `no-store`, `CSP`, [elsewhere](https://example.org/x.md)")]
    public void Twin_what_is_there_is_found(string text) => Assert.Empty(Missing(text));

    [Theory]
    [InlineData("`GuardTests.What_the_wind…`"), InlineData("`GuardTests`, `.No_such_test…`"), InlineData("`SoughtInVainTests`"), InlineData("`House.Cellar`"), InlineData("`NowhereInTheHouse" + "AtAll`"), InlineData("`Cellar.cs`"), InlineData("`src/Mach.Cellar`"), InlineData("[ADR](../adr/9999.md)")]
    public void Twin_what_is_not_there_is_told(string text) => Assert.NotEmpty(Missing(text.Replace("NowhereInTheHouseAtAll", "Nowhere" + Guid.CreateVersion7().ToString("N"), StringComparison.Ordinal)));

    private static IEnumerable<string> Missing(string text) => SecurityDocs.Missing([new SourceFile("docs/security/x.md", text)], Here.Value);
}
