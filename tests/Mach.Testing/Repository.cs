namespace Mach.Testing;

/// <summary>Where the project's files are while tests run. Source paths in the assembly do not tell: a build for release maps them away.</summary>
public static class Repository
{
    /// <summary>The folder that holds Mach.slnx, above the test assembly or above where the tests were started.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new DirectoryNotFoundException($"Mach.slnx was not found above {AppContext.BaseDirectory} or {Environment.CurrentDirectory}; start the tests inside the project.");

    /// <summary>Path of a file of the project. <paramref name="parts"/>: folders and name below <see cref="Root"/>.</summary>
    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file of the published data, in the folder named shared beside the project.</summary>
    public static string Published(string name)
    {
        var file = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", name));
        return System.IO.File.Exists(file) ? file : throw new FileNotFoundException("The published data is looked for in a folder named shared beside the project.", file);
    }

    private static string? Find(string? folder)
    {
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "Mach.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
