using System.Runtime.CompilerServices;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Files of the project that tests keep: compared, or rewritten with UPDATE_GOLDEN=1.</summary>
internal static class ProjectFiles
{
    /// <summary>The folder that holds Mach.slnx: above the test assembly, else (output elsewhere) above this source file.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(ThisFile()) ?? throw new DirectoryNotFoundException("Mach.slnx");

    /// <param name="path">Path below the folder that holds Mach.slnx.</param>
    public static void Verify(string path, string text)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(File.Exists(file), $"{path} is missing; UPDATE_GOLDEN=1 writes it.");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), text);
    }

    private static string? Find(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Mach.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
