using System.Security.Cryptography;
using System.Text;

namespace Mach.Store.Sealing;

/// <summary>Writes files that hold keys: readable by their owner alone, whole or not at all, on the disk before they count.</summary>
internal static class SecretFile
{
    /// <summary>Makes the file where there is none; where another process or thread was first, its file stays.</summary>
    public static void Make(string file, string text)
    {
        // A move without overwriting looks first and renames then, and two may do so at once: only who holds the turn looks.
        using var turn = new Mutex(false, @"Global\mach-secret-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(file))))[..32]);
        try
        {
            turn.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever held it ended without a word, and the turn is ours.
        }

        try
        {
            if (!File.Exists(file))
            {
                Replace(file, text);
            }
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    /// <summary>Puts the text in the place of what the file held; a reader sees the one or the other.</summary>
    public static void Replace(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = $"{file}.{Guid.CreateVersion7():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: true);
    }
}
