using Mach.Testing;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Files of the project that tests keep: compared, or rewritten with UPDATE_GOLDEN=1.</summary>
internal static class ProjectFiles
{
    /// <param name="path">Path below the folder that holds Mach.slnx.</param>
    public static void Verify(string path, string text)
    {
        var file = Repository.File(path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(File.Exists(file), $"{path} is missing; UPDATE_GOLDEN=1 writes it.");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), text);
    }
}
