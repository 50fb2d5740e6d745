using System.Diagnostics;

namespace Mach.Server.Demonstration;

/// <summary>The private PostgreSQL that ./run started: it ends with the hub that it was started for.</summary>
internal static class ManagedPostgres
{
    /// <param name="folder">Folder that tools/postgres was given.</param>
    public static void Stop(string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "tools", "postgres")))
        {
            root = root.Parent;
        }

        if (root is not null)
        {
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(root.FullName, "tools", "postgres"), ["stop", folder]));
            process?.WaitForExit(TimeSpan.FromSeconds(20));
        }
    }
}
