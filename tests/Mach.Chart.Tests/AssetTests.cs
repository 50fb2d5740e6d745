using Mach.Testing;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mach.Data;

namespace Mach.Chart.Tests;

public sealed class AssetTests
{
    [Fact]
    public void The_committed_bundle_is_what_the_sources_give()
    {
        var folder = AssetFolder();
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "dist", "manifest.json")));
        var sources = new[] { "build.mjs", "package.json", "package-lock.json" }
            .Concat(new[] { "css", "static", "ts" }.SelectMany(name => Directory.GetFiles(Path.Combine(folder, name)).Select(file => name + "/" + Path.GetFileName(file))))
            .Order(StringComparer.Ordinal);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(source + "\0"));
            digest.AppendData(File.ReadAllBytes(Path.Combine(folder, source)));
            digest.AppendData([0]);
        }

        Assert.Equal(manifest.RootElement.GetProperty("sources").GetString(), Convert.ToHexStringLower(digest.GetHashAndReset()));
        Assert.All(manifest.RootElement.GetProperty("files").EnumerateObject(), file => Assert.True(File.Exists(Path.Combine(folder, "dist", file.Value.GetString()!))));
    }

    [Fact]
    public void Nothing_in_the_bundle_asks_another_host()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AssetFolder(), "dist"), "*.css"))
        {
            Assert.DoesNotContain("http", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Assets_are_open_to_all_kept_for_a_year_and_compressed()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var browser = await host.BrowserAsync(null);
        var page = await browser.GetAsync("/sign-in");
        var style = page.Between("<link rel=\"stylesheet\" href=\"", "\"");
        var plain = await browser.GetAsync(style, "*/*");
        var packed = await browser.GetAsync(style, "*/*", ("Accept-Encoding", "br"));
        Assert.Equal(HttpStatusCode.OK, plain.Status);
        Assert.Contains("immutable", plain.Message.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("--accent", plain.Html, StringComparison.Ordinal);
        Assert.Contains("br", packed.Message.Content.Headers.ContentEncoding);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/assets/site.css", "*/*")).Status);
    }

    private static string AssetFolder() => Repository.File("src", "Mach.Ui", "Assets");
}
