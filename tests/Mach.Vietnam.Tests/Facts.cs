using System.Text.Json;

namespace Mach.Vietnam.Tests;

/// <summary>The collected facts that lie beside the repository; only tests read them.</summary>
internal static class Facts
{
    internal static JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), "..", "shared", "data", file)));

    /// <summary>The folder that holds Mach.slnx, found upwards from the tests or from where they were started.</summary>
    internal static string Root()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory, SourceFolder() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Mach.slnx")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new InvalidOperationException("Mach.slnx was not found above the tests.");
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path) ?? "";
}
