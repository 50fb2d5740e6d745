using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Frame;

/// <summary>The bundle that travels inside the assembly: hashed names, kept for a year by browsers, compressed once.</summary>
internal static class AssetCatalog
{
    private sealed record Asset(string ContentType, byte[] Plain, Lazy<byte[]>? Brotli);

    private static readonly Dictionary<string, string> Names = ReadNames();
    private static readonly Dictionary<string, Asset> Assets = Names.Values.ToDictionary(name => name, Load, StringComparer.Ordinal);

    /// <summary>Address of an asset by its plain name, e.g. <c>site.css</c>.</summary>
    /// <exception cref="KeyNotFoundException">The bundle has no such asset.</exception>
    public static string Url(string name) => "/assets/" + Names[name];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{name}", Get).AllowAnonymous().WithName("ui-asset");

    internal static IResult Get(string name, HttpContext http)
    {
        if (!Assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        if (asset.Brotli is null || !http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            return Results.Bytes(asset.Plain, asset.ContentType);
        }

        http.Response.Headers.ContentEncoding = "br";
        http.Response.Headers.Vary = "Accept-Encoding";
        return Results.Bytes(asset.Brotli.Value, asset.ContentType);
    }

    private static Dictionary<string, string> ReadNames()
    {
        using var manifest = JsonDocument.Parse(Bytes("manifest.json"));
        return manifest.RootElement.GetProperty("files").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }

    private static Asset Load(string name)
    {
        var bytes = Bytes(name);
        return Path.GetExtension(name) switch
        {
            ".css" => new("text/css; charset=utf-8", bytes, Compressed(bytes)),
            ".js" => new("text/javascript; charset=utf-8", bytes, Compressed(bytes)),
            ".svg" => new("image/svg+xml", bytes, Compressed(bytes)),
            ".woff2" => new("font/woff2", bytes, null),
            _ => new("application/octet-stream", bytes, null),
        };
    }

    private static Lazy<byte[]> Compressed(byte[] bytes) => new(() =>
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, CompressionLevel.SmallestSize))
        {
            brotli.Write(bytes);
        }

        return output.ToArray();
    });

    private static byte[] Bytes(string name)
    {
        using var stream = typeof(AssetCatalog).Assembly.GetManifestResourceStream("assets/" + name)
            ?? throw new InvalidOperationException($"The assembly holds no asset {name}; run the bundle (Assets/build.mjs).");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
